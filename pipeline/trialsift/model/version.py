"""The version of the package, also available as `trialsift.__version__`."""

__version__ = "0.1.0"
