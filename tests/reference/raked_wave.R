# A raked wave's shares with a variance that knows the raking, from Debian's r-cran-survey: raked_wave.json.
#
#   apt-get install r-base-core r-cran-survey r-cran-jsonlite      (R 4.2.2, survey 4.1.1, jsonlite 1.8.4)
#   cd tests/reference && Rscript raked_wave.R                     (run on 2026-11-25)
#
# The respondents and margins are those of the bundled simulated survey, wave 12. `calibrate` by raking gives the
# weights of `rake` at a tight tolerance, and regresses with the base weights (see src/groundswell/estimates/residuals.py).

suppressMessages({library(survey); library(jsonlite)})
d <- read.csv("../../surveys/simulated-panel/waves/wave-12.csv")
d$age_band <- cut(d$age, c(0, 30, 45, 60, 200), right = FALSE)
d$anxiety <- ifelse(d$worried %in% 1:4 & d$on_edge %in% 1:4, as.integer(d$worried + d$on_edge - 2 >= 3), NA)
d$planning <- ifelse(d$horizon %in% 1:5, as.integer(d$horizon >= 4), NA)
design <- svydesign(id = ~psu, strata = ~stratum, weights = ~weight, data = d)
raked <- calibrate(design, ~factor(sex) + age_band + factor(region),
                   c(5e6, 2.65e6, 1.35e6, 1.35e6, 1.3e6, 1.05e6, 1.6e6, 1.15e6),
                   calfun = "raking", epsilon = 1e-13, maxit = 200)
trimmed <- trimWeights(raked, lower = 0.5 * mean(weights(raked)), upper = 2 * mean(weights(raked)), strict = TRUE)
bounded <- calibrate(svydesign(id = ~psu, strata = ~stratum, weights = ~I(weight * 5e6 / sum(weight)), data = d),
                     ~factor(sex) + age_band + factor(region),
                     c(5e6, 2.65e6, 1.35e6, 1.35e6, 1.3e6, 1.05e6, 1.6e6, 1.15e6),
                     calfun = "logit", bounds = c(.8, 1.3), epsilon = 1e-13, maxit = 200)
shares <- function(design) sapply(c(anxiety = "anxiety", planning = "planning"), simplify = FALSE, function(name) {
  whole <- svymean(as.formula(paste0("~", name)), design, na.rm = TRUE)
  women <- svymean(as.formula(paste0("~", name)), subset(design, sex == 2), na.rm = TRUE)
  list(all = c(coef(whole), SE(whole)), women = c(coef(women), SE(women)))
})
write_json(list(raked = shares(raked), trimmed = shares(trimmed), bounded = shares(bounded),
                weights = list(raked = range(weights(raked)), trimmed = range(weights(trimmed)),
                               bounded = range(weights(bounded)))),
           "raked_wave.json", digits = 15, auto_unbox = TRUE, pretty = TRUE)
