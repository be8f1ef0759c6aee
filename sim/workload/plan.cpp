#include "sim/workload/plan.h"

#include <algorithm>

#include "sim/base/fixed_math.h"
#include "sim/base/hash.h"
#include "sim/workload/workload.h"

namespace seedbed {

namespace {

constexpr std::uint64_t kIntervals = hash_text("interval");
constexpr std::uint64_t kOperations = hash_text("operation");

/// Key k has weight 1 / (k + 1)^s (Zipf) or 1 (uniform); returned as bounds in [0, 2^64).
std::vector<std::uint64_t> share_keys(const WorkloadConfig& config) {
  std::vector<double> weights;
  double total = 0;
  for (std::uint32_t k = 0; k < config.keys; ++k) {
    const double exponent =
        config.distribution == KeyDistribution::kZipf ? config.zipf_permille / 1000.0 : 0.0;
    weights.push_back(1.0 / fixed::pow(k + 1.0, exponent));
    total += weights.back();
  }
  std::vector<std::uint64_t> bounds;
  double sum = 0;
  for (const double weight : weights) {
    sum += weight;
    bounds.push_back(static_cast<std::uint64_t>(sum / total * 0x1p63) * 2);
  }
  bounds.back() = ~std::uint64_t{0};
  return bounds;
}

}  // namespace

std::shared_ptr<const ClientPlan> ClientPlan::make(const WorkloadConfig& config, std::uint64_t seed,
                                                   Time until, Time read_back_at) {
  auto plan = std::make_shared<ClientPlan>();
  plan->config = config;
  plan->seed = hash_of(seed, hash_text(config.kind->name));
  plan->until = until;
  plan->read_back_at = read_back_at;
  plan->key_bounds = share_keys(config);
  if (!config.listed.empty()) plan->listed.resize(config.clients);
  for (const ListedOperation& op : config.listed) plan->listed.at(op.client).push_back(op);
  for (auto& of_client : plan->listed) {
    std::stable_sort(of_client.begin(), of_client.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
  }
  if (config.rate_millihertz) {  // a Poisson stream over all clients
    const std::int64_t nanoseconds = 1'000'000'000'000 * std::int64_t{config.clients};
    plan->interval = Latency::exponential(
        Duration(nanoseconds / static_cast<std::int64_t>(*config.rate_millihertz)));
  }
  return plan;
}

std::uint64_t ClientPlan::quota(std::uint32_t client) const {
  if (is_listed()) return listed[client].size();
  if (!config.operations) return ~std::uint64_t{0};
  const std::uint64_t clients = config.clients;
  return *config.operations / clients + (client < *config.operations % clients);
}

Duration ClientPlan::wait(Time now, std::uint32_t client, std::uint64_t sequence) const {
  if (is_listed()) return std::max(listed[client][sequence].at - now, Duration{});
  return interval.draw(hash_of(seed, kIntervals, client, sequence));
}

Rng ClientPlan::draws(std::uint32_t client, std::uint64_t sequence) const {
  return Rng(hash_of(seed, kOperations, client, sequence));
}

std::uint32_t ClientPlan::key_of(std::uint64_t bits) const {
  const auto at = std::upper_bound(key_bounds.begin(), key_bounds.end() - 1, bits);
  return static_cast<std::uint32_t>(at - key_bounds.begin());
}

}  // namespace seedbed
