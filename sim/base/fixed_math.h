// Elementary functions with the same bits on every machine. The C library's log, exp and pow differ
// between versions and processors in their last bits; these use only + - * / and sqrt, which IEEE
// 754 rounds exactly, in one written order (so: build with -ffp-contract=off). They tabulate laws
// before a run; inside one there are only integers.
//
//   double sigma = fixed::log(12.0) / fixed::normal_quantile(0.99);
//   double q = fixed::exp(sigma * fixed::normal_quantile(p));
//   double tail = fixed::pow(1 - p, -1 / 1.5);
//
// Not inline on purpose: no caller's compiler flags reach them. A NaN result is always the positive
// quiet one.
#pragma once

namespace seedbed::fixed {

/// Natural logarithm, within 1 ulp. log(0) is -inf, below 0 NaN.
double log(double x);
/// e^x, within 1 ulp; inf above 709.78, 0 below -745.13.
double exp(double x);
/// exp(y log x), for x >= 0: relative error below 1e-15 + 2.3e-16 |y log x|, so at most 2e-13.
/// pow(x, 0) and pow(1, y) are 1; a negative x gives NaN, whatever y.
double pow(double x, double y);
/// z with P(N(0,1) < z) = p, relative error below 1e-15; -inf at 0, inf at 1, NaN outside. For an
/// upper tail v = 1 - p take -normal_quantile(v), which keeps the digits of v.
double normal_quantile(double p);
/// ln P(N(0,1) > z), relative error below 1e-12 for z > -3; below that the error is absolute,
/// 1e-16. -inf at inf, 0 at -inf. It does not underflow where the tail would: at 100 it is -5005.5.
double normal_log_tail(double z);

}  // namespace seedbed::fixed
