#include "sim/explore/survey.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "sim/explore/trials.h"
#include "sim/run/result.h"
#include "sim/run/run.h"

namespace seedbed {

Survey survey(const Scenario& scenario, std::uint64_t first, std::uint64_t last) {
  Survey s;
  std::vector<std::int64_t> latencies;
  std::uint64_t throughput = 0;
  std::uint64_t sent = 0;
  const auto shared = std::make_shared<Scenario>(scenario);
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    shared->world.seed = seed;
    Run run(shared);
    run.to_end();
    const Result result = judge(run);
    ++s.runs;
    ++(result.verdict == Verdict::kPass   ? s.pass
       : result.verdict == Verdict::kFail ? s.fail
                                          : s.unknown);
    if (!result.as_expected && ++s.unexpected == 1) s.first_unexpected = seed;
    s.acknowledged += result.ok;
    throughput += result.throughput_millihertz;
    sent += result.messages.sent;
    for (const Operation& op : run.world().history().operations()) {
      if (op.completion != Completion::kOk) continue;
      latencies.push_back((op.returned_at - op.invoked_at).count());
    }
    if (seed == last) break;  // the last of all may be the last there is
  }
  s.throughput_millihertz = throughput / s.runs;
  if (latencies.empty()) return s;
  std::sort(latencies.begin(), latencies.end());
  s.latency_p50 = Duration(percentile(latencies, 500));
  s.latency_p99 = Duration(percentile(latencies, 990));
  s.messages_per_thousand = sent * 1000 / s.acknowledged;
  return s;
}

}  // namespace seedbed
