// Whether a scenario fails in the same way, and the search for the smallest that does.
#include "sim/explore/shrink.h"

#include <algorithm>

#include "sim/run/result.h"
#include "sim/run/run.h"

namespace seedbed {

namespace {

constexpr int kMostStarts = 6;
constexpr std::size_t kSeedsAStart = 300;
constexpr std::size_t kLastEffort = 20;  // times as many seeds, where nothing else helped
// What a person likes to read; a smaller one is not worth another start.
constexpr std::size_t kSmallEnough = 8;  // faults, operations and decisions together
constexpr std::size_t kMostFaults = 5;
constexpr std::size_t kMostOperations = 10;

std::optional<std::uint64_t> fingerprint_of(std::shared_ptr<const Scenario> scenario) {
  Run run(std::move(scenario));
  run.to_end();
  const Result result = judge(run);
  if (!result.first_violation) return std::nullopt;
  return result.first_violation->fingerprint();
}

bool has_many_operations(const Reproduction& r) {
  return r.lists == nullptr || r.lists->operations.size() > kMostOperations;
}

bool draws_syncs(const Reproduction& r) {
  const YamlNode* disk = r.root.find("disk");
  const YamlNode* sync = disk == nullptr ? nullptr : disk->find("sync");
  return sync == nullptr || sync->text.find("..") != std::string::npos;
}

/// How much a person has to read, and what is not to be read.
std::size_t weight(const Reproduction& r) {
  if (r.lists == nullptr) return 2 * kMostNodes;
  const std::size_t faults = r.lists->chaos.size();
  return faults + r.lists->operations.size() + r.lists->decisions.size() +
         (faults > kMostFaults ? 10 * faults : 0) + (has_many_operations(r) ? 100 : 0) +
         (draws_no_fates(r) ? 0 : kMostNodes) + (draws_syncs(r) ? 50 : 0);
}

/// So much can be written as a scenario, and be read again.
bool fits(const Reproduction& r) {
  return r.lists == nullptr ||
         r.lists->chaos.size() + r.lists->operations.size() + r.lists->decisions.size() <
             kMostNodes / 10;
}

}  // namespace

bool fails_so(const std::shared_ptr<const Scenario>& scenario, std::uint64_t fingerprint) {
  if (fingerprint_of(scenario) != fingerprint) return false;
  if (scenario->mutant.empty()) return true;
  auto sound = std::make_shared<Scenario>(*scenario);
  sound->mutant.clear();
  return fingerprint_of(sound) != fingerprint;
}

/// Where there are too many faults: what single links lose instead of some of them, and if that is
/// not enough, what becomes of single messages instead of all weather.
static Reproduction fewer_faults(Reproduction listed, const Failing& failing) {
  const auto is_of_links = [](const FaultInfo* info) {
    return info == &faults::kOneWay || info == &faults::kCut || info == &faults::kIsolate ||
           info == &faults::kPartition;
  };
  for (std::size_t i = listed.lists->chaos.size(); i-- > 0;) {
    if (listed.lists->chaos.size() <= kMostFaults) break;
    if (i >= listed.lists->chaos.size() || !is_of_links(listed.lists->chaos[i].one_of[0].info)) {
      continue;
    }
    const auto fewer = lose(listed, i, failing);
    if (fewer && weight(*fewer) < weight(listed)) listed = *fewer;
  }
  if (listed.lists->chaos.size() <= kMostFaults) return listed;
  auto decided = decide(listed, failing);
  if (decided) decided = minimize(std::move(*decided), failing);
  return decided && weight(*decided) < weight(listed) ? *decided : listed;
}

namespace {

/// The ways on from one start, and what is the smallest so far.
class Descent {
 public:
  Descent(const Reproduction& drawn, const Failing& failing)
      : start_(drawn), best_(drawn), listed_(drawn), failing_(failing) {}

  Reproduction run() {
    std::uint64_t tried = 0;
    for (int i = 0; i < kMostStarts && weight(best_) > kSmallEnough; ++i) {
      if (const auto listed = write_down(start_, failing_)) go_down(*listed, 1);
      if (i == 0 && has_many_operations(best_) && with_few_operations()) continue;
      const std::shared_ptr<Scenario> base = scenario_of(start_);
      const auto next = failing_(kSeedsAStart, [&](std::size_t k) {
        Reproduction other = start_;
        other.seed = tried + k + 1;
        return scenario_of(other, *base);
      });
      if (!next) break;
      start_.seed = tried += *next + 1;
    }
    if (has_many_operations(best_) && listed_.lists != nullptr) go_down(listed_, kLastEffort);
    return best_;
  }

 private:
  void go_down(const Reproduction& from, std::size_t effort) {
    std::optional<Reproduction> found = minimize(from, failing_, effort);
    if (weight(*found) < weight(listed_)) listed_ = *found;
    if (!draws_no_fates(*found)) {
      consider(*found);
      found = decide(*found, failing_);
      if (found) found = minimize(std::move(*found), failing_);
    }
    if (found) consider(fewer_faults(std::move(*found), failing_));
  }

  void consider(const Reproduction& found) {
    if (fits(found) && weight(found) < weight(best_)) best_ = found;
  }

  bool with_few_operations() {
    Reproduction few = start_;
    few.seed = 0;  // which it cannot become
    few = tighten(std::move(few), kMostOperations, failing_);
    if (few.seed == 0) return false;
    start_ = std::move(few);
    return true;
  }

  Reproduction start_, best_;
  Reproduction listed_;  // the smallest of those whose messages are not decided
  const Failing& failing_;
};

}  // namespace

Reproduction smallest(const Reproduction& drawn, const Failing& failing) {
  return Descent(drawn, failing).run();
}

}  // namespace seedbed
