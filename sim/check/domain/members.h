// Who was a member when, as far as a history tells: from :join, :leave and :crash of a node, and
// the members that it began with (--init [n1 n2]). Between the two ends of such an operation a node
// may be a member or not; after one of which nobody heard, for ever.
//
//   Members members = members_of(recorded, options, "view", "membership");
//   if (members.surely(n, from, to)) ...
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/check/check_report.h"
#include "sim/check/history/recorded.h"
#include "sim/check/history/value_numbers.h"

namespace seedbed::domain {

/// In positions of the history.
struct Stay {
  static constexpr std::uint64_t kNever = history::RecordedOp::kNever;

  std::uint64_t may_begin = 0;
  std::uint64_t begins = 0;
  std::uint64_t ends = kNever;
  std::uint64_t may_end = kNever;
  std::int64_t begins_time = 0;  // nanoseconds; of `begins` and `may_end`
  std::int64_t ends_time = 0;
  std::uint32_t left = ~std::uint32_t{0};  // with this operation
};

class Members {
 public:
  std::uint32_t of(const history::Value& node) {
    const std::uint32_t n = names_.of(node);
    if (n == stays_.size()) stays_.emplace_back();
    return n;
  }
  std::size_t size() const { return stays_.size(); }
  const history::Value& name(std::uint32_t n) const { return names_[n]; }
  const std::vector<Stay>& stays(std::uint32_t n) const { return stays_[n]; }

  /// The stay of all that time, and of some of that time; null if there is none.
  const Stay* surely(std::uint32_t n, std::uint64_t from, std::uint64_t to) const;
  const Stay* maybe(std::uint32_t n, std::uint64_t from, std::uint64_t to) const;
  /// The end of the last join, leave or crash.
  std::uint64_t last_change() const { return last_change_; }

  void begin_with(const history::Value& node);
  /// Of :join, :leave and :crash; false for any other.
  bool add(std::uint32_t index, const history::RecordedOp& op);

 private:
  history::ValueNumbers names_;
  std::vector<std::vector<Stay>> stays_;  // in time
  std::uint64_t last_change_ = 0;
};

/// All but `asked` must be changes. Throws BadHistory.
Members members_of(const history::Recorded& recorded, const CheckOptions& options,
                   std::string_view asked, std::string_view check);

}  // namespace seedbed::domain
