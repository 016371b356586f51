"""X12 as it is written: read, checked against the standard, acknowledged, written. Pure functions and values.

    reader           Reader(source) tells interchanges, groups and sets, whatever stands in a payload; read(source) for small ones
    writer           write_interchange(header, groups, delimiters) → bytes
    repair           what cannot be sent is mended and told: repair(segments, delimiters, characters=…)
    text             numbers, dates and times as elements write them
    standard         definitions of sets, segments, elements and codes: load(set, release), nearest(set, release as written)
    structure        place(definition, segments): loops
    validation       checker(definition, policy).check(set) → findings; restate(findings, policy)
    acknowledgment   997, 999 and TA1 from findings, and verdicts from 997, 999 and TA1
    examination      judged(source): every set of a payload, with nothing else known
    answers          the acknowledgments a payload would get
    guide            what a partner asks beyond the standard, laid over a definition
    second_opinion   what pyx12 says of the same set
    layout           the same document laid out otherwise; wrapping: lines cut at a width
    comparison       differences(one, other): what two payloads say differently
    show             a payload as a person reads it

The values they share are in ``envelope``, ``delimiters`` and ``finding``. Import from the modules: this package imports nothing.
What is public, with examples that are run: docs/reference/x12-library.md.
"""
