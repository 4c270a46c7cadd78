"""How fast trialsift is, beside what else reads such texts: `python -m benchmarks FILE.jsonl.gz`. Not installed.

    corpus.py       the texts: read, cut into slices, written again ten and a hundred times
    contenders.py   who is measured, each as a function of a slice
    clock.py        what a piece of work costs
    worker.py       one contender in a process of its own
    rounds.py       all contenders in turn, round after round
    processes.py    commands: start-up, peak memory, `extract` as a user runs it
    report.py       the measured figures as tables

README.md says how it measures and what it found. The other modules are benchmarks of their own: adversarial.py for
texts made to be slow, pages.py for HTML, fuzz_atheris.py for inputs that fail.
"""
