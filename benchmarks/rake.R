# R's rake of a CSV file of respondents to three margins; prints the seconds and writes the weights.
#
#   Rscript rake.R respondents.csv margins.json weights.csv
suppressMessages({library(survey); library(jsonlite)})
given <- commandArgs(trailingOnly = TRUE)
d <- read.csv(given[1]); margins <- fromJSON(given[2], simplifyVector = FALSE)
frames <- lapply(names(margins), function(name) {
  frame <- data.frame(code = as.integer(names(margins[[name]])), Freq = as.numeric(unlist(margins[[name]])))
  names(frame)[1] <- name; frame})
design <- svydesign(id = ~1, weights = ~w, data = d)
formulas <- lapply(names(margins), function(name) as.formula(paste("~", name)))
took <- system.time(raked <- rake(design, formulas, frames, control = list(maxit = 1000, epsilon = 1e-10 * nrow(d))))
writeLines(format(weights(raked), digits = 17), given[3])
cat(sprintf('{"seconds": %f, "cpu": %f}\n', took[["elapsed"]], sum(took[1:2])))
