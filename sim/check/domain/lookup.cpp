#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/check/domain/domain_checks.h"
#include "sim/check/domain/findings.h"
#include "sim/check/domain/members.h"
#include "sim/check/encode.h"

namespace seedbed::domain {

using history::Recorded;
using history::RecordedOp;
using history::Value;

namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// Members on a ring of integers: a key belongs to the first one at or after it, or to the lowest.
class Ring {
 public:
  explicit Ring(const Members& members) : members_(members) {
    for (std::uint32_t n = 0; n < members.size(); ++n) {
      const Value& id = members.name(n);
      if (!id.is_integer()) throw history::BadHistory(id, "a member is an integer, its place");
      places_.emplace_back(id.integer(), n);
    }
    std::sort(places_.begin(), places_.end());
  }

  /// A member that stood between the key and `found` whenever that can have been one between these
  /// positions, so that `found` was no successor; kNone if it was, at some instant.
  std::uint32_t in_between(std::int64_t key, std::uint32_t found, std::uint64_t from,
                           std::uint64_t to) const {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> taken;
    std::uint32_t one = kNone;
    auto at = std::lower_bound(places_.begin(), places_.end(), std::pair(key, std::uint32_t{0}));
    for (std::size_t i = 0; i < places_.size(); ++i, ++at) {
      if (at == places_.end()) at = places_.begin();
      if (at->second == found) break;
      if (members_.surely(at->second, from, to) != nullptr) return at->second;
      for (const Stay& stay : members_.stays(at->second)) {
        if (stay.begins >= to || stay.ends <= from || stay.begins == Stay::kNever) continue;
        taken.emplace_back(stay.begins, stay.ends);
        one = at->second;
      }
    }
    std::sort(taken.begin(), taken.end());
    for (const Stay& stay : members_.stays(found)) {
      const std::uint64_t begin = std::max(from, stay.may_begin);
      const std::uint64_t end = std::min(to, stay.may_end);
      if (begin < end && !covered(taken, begin, end)) return kNone;
    }
    return one;
  }

 private:
  static bool covered(const std::vector<std::pair<std::uint64_t, std::uint64_t>>& taken,
                      std::uint64_t begin, std::uint64_t end) {
    for (const auto& [from, to] : taken) {
      if (from > begin) break;
      begin = std::max(begin, to);
    }
    return begin >= end;
  }

  const Members& members_;
  std::vector<std::pair<std::int64_t, std::uint32_t>> places_;
};

}  // namespace

CheckReport check_lookup(const Recorded& recorded, const CheckOptions& options) {
  Findings findings(recorded);
  Members members = members_of(recorded, options, "lookup", "lookup");
  const Ring ring(members);
  const auto known = static_cast<std::uint32_t>(members.size());
  std::uint64_t lookups = 0;
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOp& op = recorded.operations[i];
    if (!op.is("lookup") || !op.ok()) continue;
    if (!op.key.is_integer()) {
      throw history::BadHistory(op.offset(), "a lookup wants a :key, an integer");
    }
    ++lookups;
    const std::string answer = to_text(op.value, 30);
    if (op.value.is_nil()) {
      for (std::uint32_t n = 0; n < known; ++n) {
        if (members.surely(n, op.invoked, op.returned) == nullptr) continue;
        findings.add("not-found",
                     fmt::format("nobody was found for {}, though {} was a member",
                                 op.key.integer(), to_text(members.name(n), 30)),
                     {i});
        break;
      }
      continue;
    }
    const std::uint32_t found = members.of(op.value);
    if (found >= known) {
      findings.add("stranger", fmt::format("{} was found, and never joined", answer), {i});
    } else if (members.maybe(found, op.invoked, op.returned) == nullptr) {
      std::vector<std::uint32_t> shown{i};
      const auto& stays = members.stays(found);
      if (!stays.empty() && stays.back().left != kNone) shown.push_back(stays.back().left);
      findings.add("not-a-member", fmt::format("{} was found, and was no member then", answer),
                   std::move(shown));
    } else if (const std::uint32_t n =
                   ring.in_between(op.key.integer(), found, op.invoked, op.returned);
               n != kNone) {
      findings.add("wrong-successor",
                   fmt::format("{} was found for {}, though {} stood between them", answer,
                               op.key.integer(), to_text(members.name(n), 30)),
                   {i});
    }
  }
  if (lookups == 0) findings.undecided("nothing was looked up");
  findings.note("lookups", std::to_string(lookups));
  return std::move(findings).report();
}

}  // namespace seedbed::domain
