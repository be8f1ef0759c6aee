// Compiled by the test lint.PoisonBites, which expects an error in the line below.
#include <chrono>

long long now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }
