"""The trend's model written a second time, as one dense normal distribution, and sampled by NumPyro's NUTS.

Runs in `benchmarks/.venv` (requirements-full-bayes.txt) and shares no code with groundswell:

    full_bayes_nuts.py waves.json posterior.json

`waves.json`: `middle` and `length` of each fieldwork (days), `house` (numbered from 0), `n`, `share`, `rounding`,
`asked` (days), and `weight`, how much each house counts in the level. `posterior.json`: mean and standard deviation of
the level on the days asked, in shares, their Monte Carlo errors, and the seconds that the second pass took, compiling
left out.

The sampling variance is taken at smoothed shares: a short first pass at the printed shares finds them.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.linalg import cho_solve
from numpyro.infer import MCMC, NUTS

jax.config.update("jax_enable_x64", True)

YEAR, HOUSE_DAYS = 365.25, 4.0 * 365.25
FIRST_LEVEL_SD, STILL = 5.0, 0.2
CHAINS, WARMUP, DRAWS = 4, 400, 400
PRIORS = {
    "level_sd": (0.25, 1.0),
    "house_sd": (0.1, 0.6),
    "dispersion": (1.0, 0.5),
    "excess_sd": (0.03, 0.6),
}
FACTOR_LOG_SD = 1.0


def pieces(hyper, level_sd, waves, at):
    """Covariance of the waves' logits, of the level on the days asked, and between the two."""
    middle, asked, weight = waves["middle"], waves["asked"], waves["weight"]
    walk = level_sd**2 / YEAR
    days = jnp.concatenate([middle, asked])
    level = FIRST_LEVEL_SD**2 + walk * (jnp.minimum(days[:, None], days[None, :]) - middle.min())
    own = weight[waves["house"]]
    same = (waves["house"][:, None] == waves["house"][None, :]) - own[:, None] - own + weight @ weight
    apart = jnp.exp(-jnp.abs(middle[:, None] - middle[None, :]) / HOUSE_DAYS)
    spread = at * (1.0 - at)
    noise = hyper["dispersion"] / (waves["n"] * spread) + waves["rounding"] ** 2 / 12.0 / spread**2
    noise = noise + excess_variance(hyper, waves) + walk * waves["length"] / 12.0
    size = len(middle)
    seen = level[:size, :size] + hyper["house_sd"] ** 2 * same * apart + jnp.diag(noise)
    return seen, level[size:, size:], level[size:, :size]


def excess_variance(hyper, waves):
    """Each wave's excess variance: the common one times its house's own factor."""
    return (hyper["excess_sd"] * hyper["factor"][waves["house"]]) ** 2


def log_density(seen, logits):
    """Log density of a centred normal, with the pieces needed again."""
    factor = jnp.linalg.cholesky(seen)
    solved = cho_solve((factor, True), logits)
    return -0.5 * logits @ solved - jnp.log(jnp.diag(factor)).sum(), factor, solved


def model(waves, logits, at):
    """Hyperparameters with their priors; the level either moves or is still, and both are summed over."""
    hyper = {
        name: numpyro.sample(name, dist.LogNormal(jnp.log(median), sd))
        for name, (median, sd) in PRIORS.items()
    }
    factors = dist.LogNormal(0.0, FACTOR_LOG_SD).expand(waves["weight"].shape).to_event(1)
    hyper["factor"] = numpyro.sample("factor", factors)
    moving, _, _ = log_density(pieces(hyper, hyper["level_sd"], waves, at)[0], logits)
    still, _, _ = log_density(pieces(hyper, 0.0, waves, at)[0], logits)
    numpyro.factor("waves", jnp.logaddexp(jnp.log(1 - STILL) + moving, jnp.log(STILL) + still))


def level_given(hyper, waves, logits, at):
    """Mean and variance of the level in logits if it moves and if it is still, and the two weights."""
    found = []
    for level_sd in (hyper["level_sd"], 0.0):
        seen, own, between = pieces(hyper, level_sd, waves, at)
        height, factor, solved = log_density(seen, logits)
        gained = cho_solve((factor, True), between.T)
        found.append((height, between @ solved, jnp.diag(own) - jnp.einsum("aw,wa->a", between, gained)))
    odds = jnp.array([jnp.log(1 - STILL) + found[0][0], jnp.log(STILL) + found[1][0]])
    weight = jax.nn.softmax(odds)
    return weight, jnp.stack([one[1] for one in found]), jnp.stack([one[2] for one in found])


def share_moments(weight, mean, variance):
    """Mean and second moment of the share under normal mixtures on the logit scale, by 20 points."""
    knots, knot_weights = np.polynomial.hermite_e.hermegauss(20)
    shares = jax.nn.sigmoid(mean[..., None] + jnp.sqrt(jnp.maximum(variance, 0.0))[..., None] * knots)
    knot_weights = knot_weights / knot_weights.sum()
    return jnp.einsum("c,cak,k->a", weight, shares, knot_weights), jnp.einsum(
        "c,cak,k->a", weight, shares**2, knot_weights
    )


def sample(waves, logits, at, warmup, draws, chains, seed):
    """Draws of the hyperparameters, by chain, and the seconds of all chains once the sampler is compiled."""
    kernel = NUTS(model, target_accept_prob=0.9)
    sampler = MCMC(kernel, num_warmup=warmup, num_samples=draws, progress_bar=False)
    found, seconds = [], []
    for chain in range(chains):
        started = time.perf_counter()
        sampler.run(jax.random.PRNGKey(100 * seed + chain), waves, logits, at)
        found.append(jax.block_until_ready(sampler.get_samples()))
        seconds.append(time.perf_counter() - started)
    # The first chain compiles; the quickest of the others stands for each.
    together = {name: jnp.stack([one[name] for one in found]) for name in found[0]}
    return together, chains * min(seconds)


def posterior(hyper, waves, logits, at):
    """First and second moments of the level's share at every draw, shapes (draws, asked)."""
    flat = {name: draws.reshape(-1, *draws.shape[2:]) for name, draws in hyper.items()}
    one = jax.jit(lambda each: share_moments(*level_given(each, waves, logits, at)))
    return jax.lax.map(one, flat)


def main() -> None:
    """Two passes: the first finds the smoothed shares at which the second takes the sampling variance."""
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    waves = {name: jnp.array(given[name]) for name in ("middle", "length", "house", "n", "rounding", "asked")}
    waves["weight"] = jnp.array(given["weight"])
    share = jnp.array(given["share"])
    logits = jnp.log(share * waves["n"] + 0.5) - jnp.log((1.0 - share) * waves["n"] + 0.5)
    at = jnp.clip(jax.nn.sigmoid(logits), 1e-6, 1 - 1e-6)
    for _ in range(2):
        first, _ = sample(waves, logits, at, 150, 150, chains=1, seed=1)
        at = smoothed_shares(first, waves, logits, at)
    hyper, seconds = sample(waves, logits, at, WARMUP, DRAWS, CHAINS, seed=2)
    first_moment, second_moment = (np.asarray(part) for part in posterior(hyper, waves, logits, at))
    mean, second = first_moment.mean(axis=0), second_moment.mean(axis=0)
    by_chain = first_moment.reshape(CHAINS, DRAWS, -1)
    chain_sd = np.sqrt(second_moment.reshape(CHAINS, DRAWS, -1).mean(1) - by_chain.mean(1) ** 2)
    answer = {
        "mean": mean.tolist(),
        "sd": np.sqrt(second - mean**2).tolist(),
        "mean_error": (by_chain.mean(1).std(0, ddof=1) / np.sqrt(CHAINS)).tolist(),
        "sd_error": (chain_sd.std(0, ddof=1) / np.sqrt(CHAINS)).tolist(),
        "hyper": {name: float(np.median(hyper[name])) for name in PRIORS},
        "seconds": seconds,
    }
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="utf-8")


def smoothed_shares(hyper, waves, logits, at):
    """What each wave was expected to show, its house included, averaged over the draws."""

    def expected(each):
        found, heights = [], []
        for level_sd, prior in ((each["level_sd"], 1 - STILL), (0.0, STILL)):
            seen, _, _ = pieces(each, level_sd, waves, at)
            height, _, solved = log_density(seen, logits)
            spread = at * (1.0 - at)
            noise = each["dispersion"] / (waves["n"] * spread) + waves["rounding"] ** 2 / 12.0 / spread**2
            noise = noise + excess_variance(each, waves) + level_sd**2 / YEAR * waves["length"] / 12.0
            found.append(logits - noise * solved)
            heights.append(height + jnp.log(prior))
        return jax.nn.softmax(jnp.array(heights)) @ jnp.stack(found)

    flat = {name: draws.reshape(-1, *draws.shape[2:]) for name, draws in hyper.items()}
    return jax.nn.sigmoid(jax.lax.map(expected, flat).mean(axis=0))


if __name__ == "__main__":
    main()
