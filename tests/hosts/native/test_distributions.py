"""Distributions of chance."""

from __future__ import annotations

import math

import pytest

from tests.hosts.native.expected import published
from tests.hosts.native.sheet import value_of


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # Microsoft: examples of each function
        ("=NORM.DIST(42,40,1.5,TRUE)", published("0.9087888")),
        ("=NORMDIST(42,40,1.5,FALSE)", published("0.10934")),
        ("=NORM.INV(0.908789,40,1.5)", published("42.000002")),
        ("=NORM.S.DIST(1.333333,TRUE)", published("0.908788726")),
        ("=NORM.S.DIST(1.333333,FALSE)", published("0.164010148")),
        ("=NORMSDIST(1.333333)", published("0.908788726")),
        ("=NORMSINV(0.908789)", published("1.3333347")),
        ("=NORM.S.INV(0)", "#NUM!"),
        ("=NORM.DIST(1,0,0,TRUE)", "#NUM!"),
        ("=PHI(0.75)", published("0.301137432")),
        ("=GAUSS(2)", published("0.47725")),
        ("=CONFIDENCE(0.05,2.5,50)", published("0.692952")),
        ("=CONFIDENCE.T(0.05,1,50)", published("0.284196855")),
        ("=CONFIDENCE.T(0.05,1,1)", "#DIV/0!"),
        ("=CONFIDENCE(0,2.5,50)", "#NUM!"),
        ("=LOGNORM.DIST(4,3.5,1.2,TRUE)", published("0.0390836")),
        ("=LOGNORM.DIST(4,3.5,1.2,FALSE)", published("0.0176176")),
        ("=LOGNORMDIST(4,3.5,1.2)", published("0.0390836")),
        ("=LOGNORM.INV(0.039084,3.5,1.2)", published("4.0000252")),
        ("=LOGNORMDIST(0,3.5,1.2)", "#NUM!"),
        ("=EXPON.DIST(0.2,10,TRUE)", published("0.86466472")),
        ("=EXPONDIST(0.2,10,FALSE)", published("1.35335283")),
        ("=EXPONDIST(-1,10,FALSE)", "#NUM!"),
        ("=WEIBULL(105,20,100,TRUE)", published("0.929581")),
        ("=WEIBULL.DIST(105,20,100,FALSE)", published("0.035589")),
        ("=GAMMA(2.5)", published("1.329340388")),
        ("=GAMMA(-3.75)", published("0.267866129")),
        ("=GAMMA(0)", "#NUM!"),
        ("=GAMMA(-2)", "#NUM!"),
        ("=GAMMALN(4)", published("1.7917595")),
        ("=GAMMALN(0)", "#NUM!"),
        ("=GAMMA.DIST(10.00001131,9,2,FALSE)", published("0.032639")),
        ("=GAMMADIST(10.00001131,9,2,TRUE)", published("0.068094")),
        ("=GAMMA.INV(0.068094,9,2)", published("10.0000112")),
        ("=GAMMAINV(1,9,2)", "#NUM!"),
        ("=BETA.DIST(2,8,10,TRUE,1,3)", published("0.6854706")),
        ("=BETA.DIST(2,8,10,FALSE,1,3)", published("1.4837646")),
        ("=BETADIST(2,8,10,1,3)", published("0.6854706")),
        ("=BETA.INV(0.685470581,8,10,1,3)", published("2.0000000")),
        ("=BETADIST(4,8,10,1,3)", "#NUM!"),
        ("=BETA.INV(1,2,2.5)", "#NUM!"),
        ("=NEGBINOM.DIST(2,10,1,TRUE)", "#NUM!"),
        ("=POISSON(-0.000001,5,TRUE)", "#NUM!"),
        ("=T.DIST(60,1,TRUE)", published("0.99469533")),
        ("=T.DIST(8,3,FALSE)", published("0.00073691")),
        ("=T.DIST.2T(1.959999998,60)", published("0.054645")),
        ("=T.DIST.RT(1.959999998,60)", published("0.027322")),
        ("=TDIST(1.959999998,60,2)", published("0.054645")),
        ("=TDIST(1.959999998,60,1)", published("0.027322")),
        ("=TDIST(-1,60,1)", "#NUM!"),
        ("=TDIST(1,60,3)", "#NUM!"),
        ("=T.INV(0.75,2)", published("0.8164966")),
        ("=T.INV.2T(0.546449,60)", published("0.606533")),
        ("=TINV(0.054645,60)", published("1.9600")),
        ("=CHISQ.DIST(0.5,1,TRUE)", published("0.52049988")),
        ("=CHISQ.DIST(2,3,FALSE)", published("0.20755375")),
        ("=CHISQ.DIST.RT(18.307,10)", published("0.0500006")),
        ("=CHIDIST(18.307,10)", published("0.0500006")),
        ("=CHISQ.INV(0.93,1)", published("3.28302029")),
        ("=CHISQ.INV(0.6,2)", published("1.832581464")),
        ("=CHIINV(0.050001,10)", published("18.306973")),
        ("=CHIDIST(1,0)", "#NUM!"),
        ("=F.DIST(15.20686486,6,4,TRUE)", published("0.99")),
        ("=F.DIST(15.20686486,6,4,FALSE)", published("0.0012238")),
        ("=F.DIST.RT(15.20686486,6,4)", published("0.01")),
        ("=F.INV(0.01,6,4)", published("0.10930991")),
        ("=FINV(0.01,6,4)", published("15.20686486")),
        ("=FISHER(0.75)", published("0.9729551")),
        ("=FISHERINV(0.972955)", published("0.75")),
        ("=BINOM.DIST(6,10,0.5,FALSE)", published("0.2050781")),
        ("=BINOM.DIST.RANGE(60,0.75,48)", published("0.084")),
        ("=BINOM.DIST.RANGE(60,0.75,45,50)", published("0.524")),
        ("=BINOM.INV(6,0.5,0.75)", 4),
        ("=CRITBINOM(6,0.5,0.75)", 4),
        ("=BINOMDIST(7,6,0.5,FALSE)", "#NUM!"),
        ("=NEGBINOM.DIST(10,5,0.25,TRUE)", published("0.3135141")),
        ("=NEGBINOMDIST(10,5,0.25)", published("0.0550487")),
        ("=POISSON(2,5,TRUE)", published("0.124652")),
        ("=POISSON.DIST(2,5,FALSE)", published("0.084224")),
        ("=POISSON(-1,5,TRUE)", "#NUM!"),
        ("=POISSON(0,0,TRUE)", 1),
        ("=HYPGEOM.DIST(1,4,8,20,TRUE)", published("0.4654")),
        ("=HYPGEOM.DIST(1,4,8,20,FALSE)", published("0.3633")),
        ("=HYPGEOMDIST(1,4,8,20)", published("0.3633")),
        ("=HYPGEOMDIST(5,4,8,20)", "#NUM!"),
    ],
)
def test_distributions(formula: str, value: object) -> None:
    assert value_of(formula) == value


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        # closed forms
        ("=CHISQ.DIST(3,2,TRUE)", 1 - math.exp(-1.5)),
        ("=GAMMA.DIST(2.5,1,2,TRUE)", 1 - math.exp(-1.25)),
        ("=T.DIST(1,1,TRUE)", 0.75),
        ("=T.DIST(-1,2,TRUE)", 0.5 - 1 / math.sqrt(3) / 2),
        ("=T.DIST(0,1,FALSE)", 1 / math.pi),
        ("=F.DIST(3,2,2,TRUE)", 0.75),
        ("=F.DIST.RT(1,7,7)", 0.5),
        ("=BETA.DIST(0.3,1,1,TRUE)", 0.3),
        ("=BETA.DIST(0.3,2,1,TRUE)", 0.09),
        ("=BETA.DIST(0.25,0.5,0.5,TRUE)", 1 / 3),
        ("=BETA.DIST(0.25,2,3,FALSE)", 12 * 0.25 * 0.75**2),
        ("=WEIBULL(2,1,4,TRUE)", 1 - math.exp(-0.5)),
        ("=BINOM.DIST(2,3,0.2,TRUE)", 1 - 0.2**3),
        ("=POISSON(1,3,TRUE)", 4 * math.exp(-3)),
        ("=NEGBINOMDIST(0,3,0.2)", 0.2**3),
        ("=HYPGEOMDIST(2,2,3,5)", 0.3),
        ("=BINOM.DIST.RANGE(10,1E-6,2,3)", 4.499976000042004e-11),
        ("=NORMSINV(0.5)", 0),
        ("=TINV(0.5,1)", 1),
        ("=CHISQ.INV(0.5,2)", 2 * math.log(2)),
        ("=BETA.INV(0.25,2,1)", 0.5),
        ("=FINV(0.25,2,2)", 3),
        ("=NORMSDIST(-38)", 2.885428e-316),
    ],
)
def test_closed_forms(formula: str, value: float) -> None:
    assert value_of(formula) == pytest.approx(value, rel=3e-14 if value > 1e-300 else 1e-6)


@pytest.mark.parametrize("share", [1e-9, 0.001, 0.3, 0.5, 0.9, 0.9999])
def test_the_share_at_the_inverse_is_the_share(share: float) -> None:
    pairs = [
        ("NORM.DIST({},3,2,TRUE)", "NORM.INV({},3,2)"),
        ("GAMMA.DIST({},0.7,3,TRUE)", "GAMMA.INV({},0.7,3)"),
        ("BETA.DIST({},0.4,30,TRUE)", "BETA.INV({},0.4,30)"),
        ("CHISQ.DIST({},9,TRUE)", "CHISQ.INV({},9)"),
        ("CHISQ.DIST.RT({},400)", "CHISQ.INV.RT({},400)"),
        ("F.DIST({},3,17,TRUE)", "F.INV({},3,17)"),
        ("F.DIST.RT({},30,7)", "F.INV.RT({},30,7)"),
        ("T.DIST({},5,TRUE)", "T.INV({},5)"),
        ("T.DIST.2T({},50)", "T.INV.2T({},50)"),
        ("LOGNORM.DIST({},1,0.5,TRUE)", "LOGNORM.INV({},1,0.5)"),
    ]
    for there, back in pairs:
        assert value_of("=" + there.format(back.format(repr(share)))) == pytest.approx(share, rel=1e-12), there


def test_chances_add_up_to_one() -> None:
    for term in ("BINOM.DIST({},40,0.3,FALSE)", "HYPGEOM.DIST({},40,60,150,FALSE)"):
        assert sum(value_of("=" + term.format(k)) for k in range(41)) == pytest.approx(1, rel=1e-13)  # type: ignore[misc]
    running = 0.0
    for k in range(41):
        running += value_of(f"=POISSON({k},9.5,FALSE)")  # type: ignore[operator]
        assert value_of(f"=POISSON({k},9.5,TRUE)") == pytest.approx(running, rel=1e-13)
