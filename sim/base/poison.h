// What a simulation must not name, because it differs from run to run or from machine to machine:
// clocks, the environment, the standard random engines and distributions (no standard fixes their
// draws), and containers whose order is the order of a hash. The build force-includes this header
// ahead of every source of sim/ and protocols/; any later use of these names does not compile. The
// lint reads the list from here and applies it to the sources that go without.
//
// Headers that mention the names come first: poison spares what has been read.
//
//   const auto t = std::chrono::steady_clock::now();   // error: attempt to use poisoned ...
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <numeric>
#include <optional>
#include <queue>
#include <random>
#include <ranges>
#include <semaphore>
#include <set>
#include <shared_mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>
#if __has_include(<format>)
#include <format>
#endif

// The C library's generators and the environment.
#pragma GCC poison rand srand rand_r srandom random_r drand48 erand48 lrand48 nrand48 mrand48
#pragma GCC poison jrand48 srand48 seed48 lcong48 arc4random getrandom getentropy random_shuffle
#pragma GCC poison getenv secure_getenv setenv putenv unsetenv

// <random>: the engines' bits are fixed by the standard, the distributions' are not.
#pragma GCC poison random_device default_random_engine mt19937 mt19937_64 minstd_rand minstd_rand0
#pragma GCC poison ranlux24 ranlux24_base ranlux48 ranlux48_base knuth_b
#pragma GCC poison mersenne_twister_engine linear_congruential_engine subtract_with_carry_engine
#pragma GCC poison discard_block_engine independent_bits_engine shuffle_order_engine
#pragma GCC poison uniform_int_distribution uniform_real_distribution generate_canonical
#pragma GCC poison bernoulli_distribution binomial_distribution negative_binomial_distribution
#pragma GCC poison geometric_distribution poisson_distribution exponential_distribution
#pragma GCC poison gamma_distribution weibull_distribution extreme_value_distribution
#pragma GCC poison normal_distribution lognormal_distribution chi_squared_distribution
#pragma GCC poison cauchy_distribution fisher_f_distribution student_t_distribution
#pragma GCC poison discrete_distribution piecewise_constant_distribution
#pragma GCC poison piecewise_linear_distribution

// Clocks and calendars.
#pragma GCC poison system_clock steady_clock high_resolution_clock file_clock utc_clock tai_clock
#pragma GCC poison gps_clock clock_gettime clock_getres gettimeofday timespec_get ftime
#pragma GCC poison localtime localtime_r gmtime gmtime_r mktime

// Containers in the order of a hash.
#pragma GCC poison unordered_map unordered_set unordered_multimap unordered_multiset
