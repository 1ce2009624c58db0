# The reference: what R says of every case in cases/. Change is post - pre throughout.
#
#   Rscript tests/reference/reference.R           writes expected.json
#   Rscript tests/reference/reference.R --check   recomputes it, and fails on a difference
#
# Debian: r-base-core r-cran-coin r-cran-boot r-cran-jsonlite r-cran-nlme r-cran-survival

suppressPackageStartupMessages({
  library(coin)
  library(boot)
  library(jsonlite)
  library(nlme)
  library(survival)
})

here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
arguments <- commandArgs(trailingOnly = TRUE)

read_cases <- function(letter) {
  files <- sort(list.files(file.path(here, "cases"), paste0("^", letter), full.names = TRUE))
  tables <- lapply(files, read.csv)
  setNames(tables, sub("\\.csv$", "", basename(files)))
}

or_null <- function(expression) tryCatch(expression, error = function(e) NULL)

# ---- paired ------------------------------------------------------------------------------------

signed_rank_p <- function(d, zeros, distribution = "exact") {
  if (all(d == 0)) return(NULL)
  test <- wilcoxsign_test(d ~ rep(0, length(d)), distribution = distribution, zero.method = zeros)
  as.numeric(pvalue(test))
}

# From 4.6 on wilcox.test is exact with ties and ranks zeros: it has to give coin's Pratt value.
same_as_current_r <- function(d) {
  if (getRversion() < "4.6.0" || all(d == 0)) return(invisible())
  ours <- signed_rank_p(d, "Pratt")
  stopifnot(all.equal(wilcox.test(d, exact = TRUE)$p.value, ours))
}

walsh <- function(d) {
  n <- length(d)
  averages <- outer(d, d, "+") / 2
  averages <- sort(averages[upper.tri(averages, diag = TRUE)])
  k <- max(1, qsignrank(0.025, n))
  list(estimate = median(averages), low = averages[k], high = rev(averages)[k],
       level = 1 - 2 * psignrank(k - 1, n))
}

exact_j <- function(df) exp(lgamma(df / 2) - lgamma((df - 1) / 2)) / sqrt(df / 2)

noncentral_limits <- function(t, df) {
  find <- function(p) uniroot(function(ncp) suppressWarnings(pt(t, df, ncp)) - p,
                              t + c(-1, 1) * (5 + 0.6 * abs(t)), tol = 1e-12)$root
  c(find(0.975), find(0.025))
}

effect_sizes <- function(pre, post, d) {
  n <- length(d)
  average <- sqrt((var(pre) + var(post)) / 2)
  d_av <- mean(d) / average
  found <- list(d_av = d_av, g_av = d_av * exact_j(n - 1))
  if (sd(d) > 1e-12) {
    variance <- d_av^2 * (var(pre)^2 + var(post)^2 + 2 * cov(pre, post)^2) /
      (8 * (n - 1) * average^4) + var(d) / ((n - 1) * average^2)
    found$d_av_limits <- d_av + c(-1, 1) * qnorm(0.975) * sqrt(variance)
    found$d_z <- mean(d) / sd(d)
    found$d_z_limits <- noncentral_limits(mean(d) / sd(d) * sqrt(n), n - 1) / sqrt(n)
  }
  found
}

# boot.ci counts resamples that tie with the observed statistic as not below it; scipy counts half
# of them. Few distinct scores make many ties, so the limits are given both ways.
bca <- function(values, statistic) {
  set.seed(1)
  of_drawn <- function(x, i) statistic(x[i])
  drawn <- boot(values, of_drawn, R = 20000)
  pull <- empinf(data = values, statistic = of_drawn, type = "jack", stype = "i")
  away <- as.vector(drawn$t) - drawn$t0
  tied <- mean(abs(away) < 1e-9)
  bias <- qnorm(mean(away < -1e-9) + tied / 2)
  z <- bias + qnorm(c(0.025, 0.975))
  acceleration <- sum(pull^3) / (6 * sum(pull^2)^1.5)
  if (is.nan(acceleration)) acceleration <- 0
  levels <- pnorm(bias + z / (1 - acceleration * z))
  list(tied = tied, boot = or_null(boot.ci(drawn, type = "bca", L = pull)$bca[4:5]),
       halved = unname(quantile(drawn$t, levels)))
}

percentile_of_rank_biserial <- function(d) {
  set.seed(1)
  drawn <- boot(d, function(x, i) rank_biserial(x[i]), R = 9999)
  or_null(boot.ci(drawn, type = "perc")$percent[4:5])
}

rank_biserial <- function(d) {
  d <- d[d != 0]
  if (!length(d)) return(0)
  ranks <- rank(abs(d))
  sum(ranks * sign(d)) / sum(ranks)
}

paired_case <- function(case) {
  case <- case[complete.cases(case), ]
  d <- round(case$post - case$pre, 9)
  varies <- sd(d) > 1e-12
  percent <- (100 * (case$post / case$pre - 1))[case$pre > 0]
  kept <- d[d != 0]
  same_as_current_r(d)
  found <- list(n = length(d), mean = mean(d), rank_sum = sum(rank(abs(kept))[kept > 0]),
                rank_biserial = if (length(kept)) rank_biserial(d) else NULL,
                p_wilcoxon = signed_rank_p(d, "Wilcoxon"), p_pratt = signed_rank_p(d, "Pratt"),
                p_wilcoxon_asymptotic = signed_rank_p(d, "Wilcoxon", "asymptotic"),
                p_pratt_asymptotic = signed_rank_p(d, "Pratt", "asymptotic"),
                hodges_lehmann = walsh(d), effect = effect_sizes(case$pre, case$post, d),
                mean_percent = mean(percent), median_percent = median(percent))
  if (length(kept)) found$sign <- test_summary(binom.test(sum(kept > 0), length(kept)))
  if (varies) {
    found$t <- test_summary(t.test(d))
    found$bca_mean <- bca(d, mean)
    found$rank_biserial_percentile <- percentile_of_rank_biserial(d)
    found$pitman_morgan <- test_summary(cor.test(case$post + case$pre, d))
    found$bca_mean_percent <- bca(percent, mean)
    found$bca_median_percent <- bca(percent, median)
  }
  if (varies && length(d) > 3) found$leave_one_out <- leave_one_out(d)
  if (varies && all(case$pre > 0, case$post > 0))
    found$log_ratio <- test_summary(t.test(log(case$post / case$pre)), exp)
  found
}

leave_one_out <- function(d) {
  refits <- sapply(seq_along(d), function(i) {
    rest <- d[-i]
    if (sd(rest) < 1e-12) return(c(mean(rest), NA, NA, NA))
    test <- t.test(rest)
    c(mean(rest), test$conf.int, test$p.value)
  })
  cook <- cooks.distance(lm(d ~ 1))
  list(lowest = apply(refits, 1, min, na.rm = TRUE), highest = apply(refits, 1, max, na.rm = TRUE),
       most = which.max(round(cook, 9)), distance = max(cook))
}

test_summary <- function(test, back = identity) {
  list(estimate = back(unname(test$estimate)), low = back(test$conf.int[1]),
       high = back(test$conf.int[2]), statistic = unname(test$statistic), p = test$p.value)
}

# ---- counts ------------------------------------------------------------------------------------

proportion_case <- function(x, n) {
  wilson <- suppressWarnings(prop.test(x, n, correct = FALSE))
  list(events = x, n = n, wilson = wilson$conf.int[1:2],
       clopper_pearson = binom.test(x, n)$conf.int[1:2],
       upper_one_sided = binom.test(x, n, alternative = "less")$conf.int[2])
}

wilson_limits <- function(x, n) suppressWarnings(prop.test(x, n, correct = FALSE))$conf.int[1:2]

two_by_two_case <- function(x1, n1, x2, n2) {
  p1 <- x1 / n1
  p2 <- x2 / n2
  w1 <- wilson_limits(x1, n1)
  w2 <- wilson_limits(x2, n2)
  newcombe <- p1 - p2 + c(-sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2),
                          sqrt((w1[2] - p1)^2 + (p2 - w2[1])^2))
  fisher <- fisher.test(matrix(c(x1, n1 - x1, x2, n2 - x2), 2))
  chance <- dhyper(0:(x1 + x2), n1, n2, x1 + x2)
  seen <- dhyper(x1, n1, n2, x1 + x2)
  midp <- sum(chance[chance <= seen * (1 + 1e-7)]) - seen / 2
  list(x1 = x1, n1 = n1, x2 = x2, n2 = n2, difference = p1 - p2, newcombe = newcombe,
       midp = midp, odds_ratio = unname(fisher$estimate), odds_limits = fisher$conf.int[1:2])
}

rate_case <- function(events, years) {
  bound <- poisson.test(events, years, alternative = "less")$conf.int[2]
  list(events = events, years = years, limits = 100 * poisson.test(events, years)$conf.int[1:2],
       upper_one_sided = 100 * bound)
}

# ---- two groups --------------------------------------------------------------------------------

two_group_case <- function(case) {
  change <- round(case$post - case$pre, 9)
  a <- change[case$group == 1]
  b <- change[case$group == 0]
  df <- length(a) + length(b) - 2
  pooled <- sqrt(((length(a) - 1) * var(a) + (length(b) - 1) * var(b)) / df)
  unit <- sqrt(1 / length(a) + 1 / length(b))
  size <- (mean(a) - mean(b)) / pooled
  permutation <- oneway_test(change ~ factor(case$group), distribution = "exact")
  list(difference = mean(a) - mean(b), welch = test_summary(t.test(a, b)),
       permutation_p = as.numeric(pvalue(permutation)),
       hedges_g = size * exact_j(df), d_limits = unit * noncentral_limits(size / unit, df),
       smd = smd(a, b), smd_percentile = percentile_of_smd(a, b),
       ancova = regression(post ~ centred + group, case),
       interaction = regression(post ~ centred * group, case))
}

smd <- function(a, b) (mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2)

percentile_of_smd <- function(a, b) {
  set.seed(1)
  values <- c(a, b)
  group <- rep(1:2, c(length(a), length(b)))
  of_drawn <- function(x, i) smd(x[i][group == 1], x[i][group == 2])
  boot.ci(boot(values, of_drawn, R = 9999, strata = group), type = "perc")$percent[4:5]
}

regression <- function(formula, case) {
  case$centred <- case$pre - mean(case$pre)
  fit <- lm(formula, case)
  x <- model.matrix(fit)
  bread <- solve(crossprod(x))
  weight <- (resid(fit) / (1 - hatvalues(fit)))^2
  hc3 <- sqrt(diag(bread %*% crossprod(x * sqrt(weight)) %*% bread))
  list(estimate = unname(coef(fit)), se = unname(sqrt(diag(vcov(fit)))), hc3 = unname(hc3),
       p_hc3 = unname(2 * pt(-abs(coef(fit) / hc3), fit$df.residual)), df = fit$df.residual)
}

# ---- visits ------------------------------------------------------------------------------------

longitudinal_case <- function(case) {
  wide <- tapply(case$value, list(case$id, case$week), identity)
  case <- case[!is.na(case$value), ]
  case$visit <- as.integer(factor(case$week))
  case$week <- factor(case$week)
  patient <- ~ 1 | id
  control <- glsControl(maxIter = 500, msMaxIter = 1000, tolerance = 1e-10, msTol = 1e-11)
  free <- gls(value ~ week, case, corSymm(form = ~ visit | id), varIdent(form = ~ 1 | week),
              method = "REML", control = control)
  even <- gls(value ~ week, case, corCompSymm(form = patient), method = "REML", control = control)
  intercept <- lme(value ~ week, case, random = patient, method = "REML")
  complete <- wide[complete.cases(wide), ]
  friedman <- friedman.test(complete)
  list(unstructured = model(free), compound_symmetry = model(even),
       random_intercept = list(estimate = unname(fixef(intercept)),
                               se = unname(sqrt(diag(vcov(intercept)))),
                               df = unname(summary(intercept)$tTable[, "DF"]),
                               p = unname(summary(intercept)$tTable[, "p-value"])),
       locf = locf_case(wide),
       friedman = list(n = nrow(complete), p = friedman$p.value,
                       w = unname(friedman$statistic) / (nrow(complete) * (ncol(complete) - 1))))
}

locf_case <- function(wide) {
  for (visit in 2:ncol(wide)) {
    gap <- is.na(wide[, visit])
    wide[gap, visit] <- wide[gap, visit - 1]
  }
  lapply(2:ncol(wide), function(visit) test_summary(t.test(wide[, visit] - wide[, 1])))
}

model <- function(fit) {
  means <- diag(length(coef(fit)))
  means[, 1] <- 1
  list(change = unname(coef(fit)[-1]), change_se = unname(sqrt(diag(vcov(fit)))[-1]),
       mean = as.numeric(means %*% coef(fit)),
       mean_se = sqrt(diag(means %*% vcov(fit) %*% t(means))),
       log_likelihood = as.numeric(logLik(fit)))
}

survival_case <- function(case) {
  fit <- survfit(Surv(time, event) ~ 1, case, conf.type = "log-log")
  happened <- fit$n.event > 0
  days <- sort(unique(c(0, case$time)))
  seen <- summary(fit, times = days)
  at_risk <- sapply(days, function(day) sum(case$time >= day))
  list(curve = list(day = I(fit$time[happened]), at_risk = I(fit$n.risk[happened]),
                    events = I(cumsum(fit$n.event)[happened]),
                    incidence = I(1 - fit$surv[happened]), low = I(1 - fit$upper[happened]),
                    high = I(1 - fit$lower[happened])),
       days = days, at_risk = at_risk, incidence = 1 - seen$surv, low = 1 - seen$upper,
       high = 1 - seen$lower,
       none_yet = sapply(at_risk, function(n) binom.test(0, n)$conf.int[2]),
       afterwards = 1 - summary(fit, times = max(case$time) + 7, extend = TRUE)$surv,
       log_rank = or_null(log_rank(case)))
}

log_rank <- function(case) {
  test <- suppressWarnings(survdiff(Surv(time, event) ~ group, case))
  if (!sum(case$event) || test$var[1, 1] < 1e-12) return(NULL)
  list(statistic = test$chisq, p = pchisq(test$chisq, 1, lower.tail = FALSE))
}

# ---- rates of first events and of all events ---------------------------------------------------

event_rate_case <- function(case) {
  days <- tapply(case$days, case$id, max)
  first <- tapply(case$onset, case$id, function(x) if (all(is.na(x))) NA else min(x, na.rm = TRUE))
  years <- c(sum(pmin(days, first, na.rm = TRUE)), sum(days)) / 365.25
  events <- c(sum(!is.na(first)), sum(!is.na(case$onset)))
  rate <- function(i) c(rate_case(events[i], years[i]), list(rate = 100 * events[i] / years[i]))
  list(first = rate(1), all = rate(2))
}

# ---- completed tables, by Rubin's rules --------------------------------------------------------

pool <- function(estimates, variances, complete_df) {
  m <- length(estimates)
  within <- mean(variances)
  extra <- (1 + 1 / m) * var(estimates)
  share <- extra / (within + extra)
  old <- (m - 1) / share^2
  seen <- if (is.finite(complete_df))
    (complete_df + 1) / (complete_df + 3) * complete_df * (1 - share) else Inf
  list(estimate = mean(estimates), variance = within + extra, df = 1 / (1 / old + 1 / seen),
       increase = extra / within)
}

imputed_case <- function(case) {
  change <- tapply(case$change, list(case$table, case$id), identity)
  n <- ncol(change)
  mean_pool <- pool(rowMeans(change), apply(change, 1, var) / n, n - 1)
  error <- sqrt(mean_pool$variance)
  share <- rowMeans(change <= -7)
  share_pool <- pool(share, share * (1 - share) / n, Inf)
  t <- qt(0.975, share_pool$df)
  away <- function(p) (share_pool$estimate - p)^2 -
    t^2 * (1 + share_pool$increase) * p * (1 - p) / n
  limits <- c(uniroot(away, c(0, share_pool$estimate), tol = 1e-14)$root,
              uniroot(away, c(share_pool$estimate, 1), tol = 1e-14)$root)
  list(mean = c(mean_pool, list(
         limits = mean_pool$estimate + c(-1, 1) * qt(0.975, mean_pool$df) * error,
         p = 2 * pt(-abs(mean_pool$estimate / error), mean_pool$df))),
       share = c(share_pool, list(limits = limits)))
}

# ---- what two groups can detect ----------------------------------------------------------------

detectable_case <- function(n1, n0, reference, power) {
  df <- n1 + n0 - 2
  reached <- function(size) {
    ncp <- size / sqrt(1 / n1 + 1 / n0)
    critical <- qt(0.975, df)
    pt(critical, df, ncp, lower.tail = FALSE) + pt(-critical, df, ncp)
  }
  rejected <- outer(0:n1, 0:n0, Vectorize(function(x1, x0)
    fisher.test(matrix(c(x1, n1 - x1, x0, n0 - x0), 2))$p.value <= 0.05))
  power_of <- function(p) sum(outer(dbinom(0:n1, n1, p), dbinom(0:n0, n0, reference)) * rejected)
  grid <- seq(0, 1, 0.001)
  enough <- sapply(grid, power_of) >= power
  list(n1 = n1, n0 = n0, reference = reference, power = power,
       difference = uniroot(function(size) reached(size) - power, c(0.01, 10), tol = 1e-12)$root,
       below = or_null(max_or_stop(grid[enough & grid < reference])),
       above = or_null(-max_or_stop(-grid[enough & grid > reference])))
}

max_or_stop <- function(x) if (length(x)) max(x) else stop("none")

# ---- all ---------------------------------------------------------------------------------------

p <- read_cases("c04")[[1]]$p
expected <- list(
  paired = lapply(read_cases("p"), paired_case),
  proportions = do.call(Map, c(proportion_case, unname(as.list(read_cases("c01")[[1]])))),
  two_by_two = do.call(Map, c(two_by_two_case, unname(as.list(read_cases("c02")[[1]])))),
  rates = do.call(Map, c(rate_case, unname(as.list(read_cases("c03")[[1]])))),
  holm = list(p = p, adjusted = p.adjust(p, "holm")),
  two_group = lapply(read_cases("g"), two_group_case),
  longitudinal = lapply(read_cases("l"), longitudinal_case),
  survival = lapply(read_cases("k"), survival_case),
  event_rates = lapply(read_cases("e"), event_rate_case),
  imputed = lapply(read_cases("i"), imputed_case),
  detectable = do.call(Map, c(detectable_case, unname(as.list(read_cases("d01")[[1]])))),
  r = R.version.string,
  packages = sapply(c("coin", "boot", "nlme", "survival"),
                    function(name) as.character(packageVersion(name)))
)

path <- file.path(here, "expected.json")
text <- toJSON(expected, auto_unbox = TRUE, digits = I(15), pretty = TRUE, na = "null",
               null = "null")
if ("--check" %in% arguments) {
  values <- c("paired", "proportions", "two_by_two", "rates", "holm", "two_group",
              "longitudinal", "survival", "event_rates",
              "imputed", "detectable")
  same <- all.equal(fromJSON(path)[values], fromJSON(text)[values], tolerance = 1e-7)
  if (!isTRUE(same)) stop("expected.json differs: ", paste(head(same, 5), collapse = "; "))
  cat("expected.json is what R gives\n")
} else {
  writeLines(text, path)
}
