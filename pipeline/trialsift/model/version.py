"""The version of the package, for all modules: `trialsift.__version__` is this one."""

__version__ = "0.1.0"
