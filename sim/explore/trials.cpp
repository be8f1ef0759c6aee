#include "sim/explore/trials.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "sim/base/hash.h"
#include "sim/run/run.h"

namespace seedbed {

Trials run_trials(const Scenario& scenario, std::uint64_t count) {
  SEEDBED_ASSERT(scenario.published, "a trial wants a measure");
  Trials trials;
  trials.count = count;
  trials.values.resize(scenario.published->measures.size());
  for (auto& values : trials.values) values.reserve(count);
  // One scenario serves all runs, of which there is one at a time: only its seed changes.
  const auto shared = std::make_shared<Scenario>(scenario);
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    shared->world.seed = seed;
    Run run(shared);
    run.to_end();
    if (!run.violations().empty() && ++trials.violated == 1) {
      trials.first_violated = seed;
      trials.violation = run.violations().front();
    }
    for (std::size_t i = 0; i < trials.values.size(); ++i) {
      if (const auto value = run.measured(i)) trials.values[i].push_back(*value);
    }
    if (!run.measured() && ++trials.missing == 1) trials.first_missing = seed;
  }
  for (auto& values : trials.values) std::sort(values.begin(), values.end());
  return trials;
}

std::int64_t percentile(const std::vector<std::int64_t>& sorted, std::uint32_t permille) {
  const std::size_t rank = (sorted.size() * permille + 999) / 1000;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

namespace {

std::int64_t figure_of(const std::vector<std::int64_t>& sorted, const FigureInfo& figure) {
  if (figure.permille != FigureInfo::kMean) return percentile(sorted, figure.permille);
  const Int128 sum = std::accumulate(sorted.begin(), sorted.end(), Int128{0});
  return static_cast<std::int64_t>(sum / static_cast<Int128>(sorted.size()));
}

FigureComparison compare_figure(const FigureInfo& info, Quantity published,
                                const std::optional<Tolerance>& within, std::int64_t measured) {
  FigureComparison figure{info.name, published, {measured, published.kind}, 0, within, true};
  const Int128 off = Int128{measured} - published.amount;
  if (published.amount != 0) {
    figure.deviation_ppb = static_cast<std::int64_t>(off * Probability::kOne / published.amount);
  }
  if (within) {
    const Int128 size = off < 0 ? -off : off;
    figure.holds = size * Probability::kOne <= Int128{within->relative.ppb} * published.amount ||
                   (within->absolute && size <= within->absolute->amount);
  }
  return figure;
}

ShareComparison compare_share(const PublishedMeasure& published,
                              const std::vector<std::int64_t>& values) {
  ShareComparison share;
  share.of = values.size();
  share.yes = static_cast<std::uint64_t>(std::count(values.begin(), values.end(), 1));
  if (published.share) {
    share.published = *published.share;
    share.allowed = binomial_interval(share.of, share.published, published.interval);
  } else {
    share.published = published.at_least.value_or(Probability{});
    const Uint128 least = Uint128{share.published.ppb} * share.of;
    share.allowed = {
        static_cast<std::uint64_t>((least + Probability::kOne - 1) / Probability::kOne), share.of};
  }
  share.holds = share.allowed.least <= share.yes && share.yes <= share.allowed.most;
  return share;
}

MeasureComparison compare_measure(const PublishedMeasure& published,
                                  const std::vector<std::int64_t>& values) {
  MeasureComparison comparison;
  if (values.empty()) return comparison.holds = false, comparison;
  if (published.measure->kind == MeasureKind::kYesOrNo) {
    comparison.share = compare_share(published, values);
    comparison.holds = comparison.share->holds;
  }
  for (std::size_t i = 0; i < kFigures.size(); ++i) {
    if (!published.figures[i]) continue;
    const std::int64_t measured = figure_of(values, kFigures[i]);
    comparison.figures.push_back(
        compare_figure(kFigures[i], *published.figures[i], published.within[i], measured));
    comparison.holds &= comparison.figures.back().holds;
  }
  return comparison;
}

}  // namespace

Comparison compare(const Published& published, const Trials& trials) {
  Comparison comparison;
  comparison.holds = trials.violated == 0 && trials.missing * 100 <= trials.count;
  for (std::size_t i = 0; i < published.measures.size(); ++i) {
    comparison.measures.push_back(compare_measure(published.measures[i], trials.values.at(i)));
    comparison.holds &= comparison.measures.back().holds;
  }
  return comparison;
}

}  // namespace seedbed
