"""Whether an age limit holds for the trial or for a subgroup of its participants only."""

from __future__ import annotations

import re

from trialsift.extraction.quantities.parts import Quantity
from trialsift.extraction.structure.passage import Passage, Window
from trialsift.rules.guarded import guarded, plain

_GROUP_START = guarded(
    r"\b(?:if|for|in|women|wom[ae]n|m[ae]n|participants|patients|subjects|those|children|minors|females?|males?|"
    r"adolescents|infants|parents|boys|girls)\W+(?:\w+\W+){0,3}$",
    re.I,
)
_CONDITION_LEFT = guarded(
    r"\b(?:for|if|in|unless|when|of|from|by|among)\s+(?:the\s+)?(?:(?!eligible|inclusion|age\b|"
    r"at\b)\w+\s+){0,2}(?:patients|"
    r"participants|subjects|women|men|m[ae]n|wom[ae]n|those|children|individuals|females?|males?|adults|minors|"
    r"infants|persons)"
    r"(?:\s+(?:who\s+(?:are|is)|aged?))?\s*\(?$|\((?:patients|subjects|participants|children|adults|those)$|"
    r"(?<!or )(?<!and )(?<!/)(?<!^)\b(?:wom[ae]n|females?)$|\(\s*(?:\w+\s+)?for(?:\s+age[ds]?)?$",
    re.I,
)
_COHORT_LEFT = guarded(r"\b(?:cohort|stratum|arm|group|part)s?\s+(?:[A-Z]|[IVX]+|\d+)\s*[:(–-][^.;]{0,50}$", re.I)
COHORT_RIGHT = re.compile(
    r"\W*(?:of\s+age\W*)?for\s+(?:the\s+)?(?:healthy|control|subjects\s+with|patients\s+with|participants\s+with|"
    r"those\s+with|"
    r"HV\b|HVs\b)|\W*(?:of\s+age\W*)?(?:for|in)\s+(?:cohort|stratum|arm|group|part)s?\b|\W*(?:of\s+age\W*)?where\b",
    re.I,
)
_IN_PEOPLE = guarded(
    r"\b(?:in|for|of)\s+(?:\w+\s+){0,2}(?:patients|participants|subjects|adults|wom[ae]n|m[ae]n|"
    r"children)(?:\s+aged?)?$",
    re.I,
)
_TRIAL = re.compile(
    r"\b(?:trial|study|to\s+(?:compare|evaluate|determine|assess|study|test|investigate|estimate)|efficacy|safety|"
    r"regimen|eligible)\b",
    re.I,
)
_VERSUS = guarded(r"\s*(?:years?)?\s*(?:vs\b|versus\b)", re.I)
_VERSUS_LEFT = guarded(r"\b(?:vs\.?|versus)\s*$", re.I)
# `age 60 years or more, OR age 45 to 59 and one of the following`
_OR_AGE = guarded(
    r"[\s,]*(?:of\s+age)?[\s,]*\bor\s+(?:if\s+)?(?:age[ds]?|less\s+than|under|over|between|"
    r"(?=[<>≤≥]))\s*\D{0,12}\d",
    re.I,
)
_OR_AGE_LEFT = guarded(
    r"\d\s*(?:years?|yrs?)?(?:\s+(?:or|and)\s+(?:more|older|over|above))?[\s,]*\bor\s+(?:if\s+)?(?:age[ds]?)?$",
    re.I,
)
_BOTH_SEXES = guarded(r"\b(?:males?|m[ae]n)\s+(?:and|or|/)\s+(?:[\w-]+,?\s+){0,4}(?:females?|wom[ae]n)$", re.I)
# `Patient is a female`, `Ambulatory postmenopausal women`: the trial takes one sex
_ONE_SEX = guarded(r"\bis\s+(?:an?\s+)?(?:[\w-]+,?\s+){0,3}females?$|^(?:[\w-]+,?\s+){1,3}(?:females?|wom[ae]n)$", re.I)
# `children < 12 months of age or those not eligible …`, `females who are 9 years and older must …`
_OTHER_PEOPLE = guarded(r"\s*(?:of\s+age|old)?,?\s+or\s+those\b", re.I)
_WHO_ARE = guarded(r"\b(?:females?|wom[ae]n|males?|m[ae]n|children|adolescents)\s+(?:who|that)\s+are$", re.I)
_FOR_SOME = guarded(
    r"\bfor\s+(?:ages?|(?:\w+\s+){0,2}(?:patients|subjects|participants|children|adolescents)\s*\((?:ages?|aged)?)$|"
    r"\d\s*(?:%|[A-Za-zµμ]{1,5}(?:/[A-Za-zµμ]{1,4})?)?\s*\($|\b(?:women|females?)\s+(?:are\s+)?defined\s+as\b[^.;]*$",
    re.I,
)
_IF = guarded(r"\b(?:if|when|unless)\b[^.;:]{0,40}$", re.I)
_MENOPAUSE = re.compile(r"menopaus|child-?\s?bearing", re.I)
# people other than the participants, and the bracket that says what `of childbearing potential` means
_OTHERS = guarded(
    r"\b(?:relatives?|mothers?|fathers?|parents?|siblings?|brothers?|sisters?|partners?|spouses?|donors?|caregivers?|"
    r"carers?)(?:['’]s?)?\s+(?:(?:who|is|are|must|should|be|has|have|an?|the|at|least|aged?|of|older|younger|than|"
    r"between|with|under|over|diagnosed|affected)\s+)*$|\bchild-?\s?bearing\b[^.;()]{0,30}\(\s*(?:i\.e\.,?\s*|"
    r"aged?\s+)?$",
    re.I,
)

_GOES_ON = re.compile(
    r"\W*(?:of age\W*)?(?:\w+\W+){0,2}(?:must|should|will|need|require|may|can|are required|are given|receive|"
    r"qualify|start|"
    r"with\s+\w+\s+performance|and\s+\w+\s+performance|provide)\b",
    re.I,
)
_STRATA = re.compile(r"\b(?:stratif\w+|subgroups?\s+(?:analys\w+|by)|age\s+(?:sub)?groups|strata)\b", re.I)
# `age of the participants 20 to 70 years` is that of all
_AGE_OF = guarded(r"\bages?\s+of\s+(?:the\s+|all\s+)?(?:participants|patients|subjects|volunteers)\W*$", re.I)
_SHARE = re.compile(r"\d\s*%?\s*\(?$")
_OR = re.compile(r"\bOR\b")
_STATUS = re.compile(r"\b(?:performance|ECOG|SWOG|PS)\b")


def read_scope(passage: Passage, quantity: Quantity) -> str:
    """`subgroup` where the sentence goes on about those of that age, or states an alternative."""
    text = passage.text
    head = passage.line_left(quantity.start, Window.LINE).strip(" -•*\t0123456789.)")
    after = text[quantity.end : passage.end]
    before, behind = plain(head) + " ", passage.plain
    if _OTHER_PEOPLE.match(after, behind) or _WHO_ARE.search(head, before):
        return "subgroup"
    if _AGE_OF.search(head, before):
        return "trial"
    told = (
        passage.polarity is None and _IN_PEOPLE.search(head, before) and _TRIAL.search(head)
    )  # `to test … in patients 16 to 50 years old`
    if _BOTH_SEXES.search(head, before) or _ONE_SEX.search(head, before):
        return "trial"
    if (
        _FOR_SOME.search(head, before)
        or (not told and _CONDITION_LEFT.search(head, before))
        or _IF.search(head, before)
        or _COHORT_LEFT.search(passage.left(quantity.start, Window.CLAUSE), behind)
        or COHORT_RIGHT.match(after)
        or _OTHERS.search(head + " ", before)
    ):
        return "subgroup"
    if passage.polarity is None and _STRATA.search(text, passage.start, passage.end):
        return "subgroup"
    if passage.polarity != "exclusion" and (
        _VERSUS.match(after, behind)
        or _VERSUS_LEFT.search(head, before)
        or _OR_AGE.match(after, behind)
        or _OR_AGE_LEFT.search(head, before)
    ):
        return "subgroup"
    if passage.above is not None and _MENOPAUSE.search(text[passage.above[0] : passage.above[1]]):
        return "subgroup"
    if _GROUP_START.search(head + " ", before) and _GOES_ON.match(after):
        return "subgroup"
    if (head.endswith("(") and _SHARE.search(head.rstrip("("))) or after.lstrip().startswith(":"):
        return "subgroup"
    line = text[passage.line_start : passage.line_end]
    if "OR" in line and _OR.search(line) and _STATUS.search(line):
        return "subgroup"
    return "trial"
