// seedbed merge OUT.db A.db B.db...: the databases of a sweep's shards in one.
#include <fmt/format.h>

#include <filesystem>

#include "sim/explore/result_store.h"
#include "tools/cli/command.h"
#include "tools/cli/sweep_output.h"

namespace seedbed::cli {

int merge(const MergeOptions& options) {
  if (std::filesystem::exists(options.out)) {
    throw BadInput(options.out + ": is there already; the databases are joined in a new one");
  }
  ResultStore store = merge_results(options.out, options.inputs);
  SweepSummary summary(store.header().scenarios);
  store.each([&](const RunRow& row) { summary.add(row); });
  const SweepPlan plan(store.header().seeds, store.header().shard,
                       static_cast<std::uint32_t>(summary.scenarios().size()), {});
  SweepReport report{&store.header(), &summary, {}, options.out};
  report.total = plan.total();
  report.bounded = store.header().seeds.last != kMostSeed;
  fmt::print("{}{}", options.json ? sweep_json(report) : sweep_text(report),
             options.json ? "\n" : "");
  return exit_code_of(report);
}

}  // namespace seedbed::cli
