#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

#include "sim/check/domain/domain_checks.h"
#include "sim/check/domain/findings.h"
#include "sim/check/domain/members.h"
#include "sim/check/encode.h"
#include "sim/check/spans.h"

namespace seedbed::domain {

using history::Recorded;
using history::RecordedOp;
using history::Value;

namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

/// What is asked of views. One with a time ends in it: "within:5s".
struct Level {
  std::string_view name;
  bool has_time;
};
constexpr Level kLevels[] = {
    {"within:", true}, {"detected:", true}, {"settled:", true}, {"accuracy", false}};

/// Null: eventual.
const Level* level_named(std::string_view text) {
  for (const Level& level : kLevels) {
    if (!text.starts_with(level.name)) continue;
    const std::string_view rest = text.substr(level.name.size());
    if (level.has_time ? span_of(rest).has_value() : rest.empty()) return &level;
  }
  return nullptr;
}

class Views {
 public:
  Views(const Recorded& recorded, const CheckOptions& options, Findings& findings)
      : recorded_(recorded),
        members_(members_of(recorded, options, "view", "membership")),
        findings_(findings),
        known_(static_cast<std::uint32_t>(members_.size())),
        in_view_(known_, kNone) {
    const Level* level = level_named(options.level);
    if (level == nullptr) return;
    accuracy_only_ = level->name == "accuracy";
    detection_only_ = level->name == "detected:";
    if (!level->has_time) return;
    const std::string_view time = std::string_view(options.level).substr(level->name.size());
    auto& bound = level->name == "settled:" ? settled_ : within_;
    bound = static_cast<std::int64_t>(*span_of(time));
  }

  void look(std::uint32_t i) {
    const RecordedOp& op = recorded_.operations[i];
    if (!op.value.has_items()) detail::refuse_value(op, "a view wants [member ...]");
    if ((within_ || settled_) && (op.invoked_time < 0 || op.returned_time < 0)) {
      throw history::BadHistory(op.offset(),
                                "a bound wants a :time of both ends of each operation");
    }
    if (settled_ && op.invoked_time < *settled_) return;
    for (const Value& member : op.value.items()) {
      const std::uint32_t n = members_.of(member);
      if (n < known_) {
        in_view_[n] = i;
      } else {
        findings_.add(
            "stranger",
            fmt::format("{} sees {}, which never joined", observer(op), to_text(member, 30)), {i});
      }
    }
    std::vector<std::uint32_t>& seen = seen_[members_.of(op.key)];
    seen.resize(known_, kNone);
    for (std::uint32_t n = 0; n < known_; ++n) {
      if (in_view_[n] == i) {
        if (ought_to_know_gone(n, op)) undetected(n, i);
        seen[n] = i;
      } else {
        missing(n, i, seen[n]);
      }
    }
    if (!counts(op)) return;
    ++judged_;
    ++views_of_[members_.of(op.key)];
  }
  /// Once all has settled a wrong view must not last: what all views of an observer have wrong.
  void finish() {
    for (auto& [what, lasting] : lasting_) {
      const auto& [observer, member, anomaly] = what;
      if (lasting.views != views_of_[observer]) continue;
      findings_.add(anomaly, std::move(lasting.message), std::move(lasting.shown));
    }
  }
  std::uint64_t judged() const { return judged_; }
  bool bounded() const { return within_.has_value(); }
  bool settled() const { return settled_.has_value(); }

 private:
  static std::string observer(const RecordedOp& op) { return to_text(op.key, 30); }

  /// Whether the view has to be right: it was asked for after the last change, or at its time the
  /// observer had been a member for as long as the bound.
  bool counts(const RecordedOp& op) {
    if (accuracy_only_) return true;
    if (!within_) return op.invoked > members_.last_change();
    const std::uint32_t me = members_.of(op.key);
    if (me >= known_) return false;
    const Stay* stay = members_.surely(me, op.invoked, op.returned);
    return stay != nullptr && long_before(stay->begins_time, op);
  }
  bool long_before(std::int64_t time, const RecordedOp& op) const {
    return !within_ || (time >= 0 && time <= op.invoked_time - *within_);
  }
  bool ought_to_know_gone(std::uint32_t n, const RecordedOp& op) {
    if (accuracy_only_) return false;
    if (!counts(op) || members_.maybe(n, op.invoked, op.returned) != nullptr) return false;
    for (const Stay& stay : members_.stays(n)) {
      if (stay.may_end < op.invoked && !long_before(stay.ends_time, op)) return false;
    }
    return true;
  }
  void undetected(std::uint32_t n, std::uint32_t i) {
    std::vector<std::uint32_t> shown{i};
    for (const Stay& stay : members_.stays(n)) {
      if (stay.left != kNone) shown.push_back(stay.left);
    }
    found("undetected", n,
          fmt::format("{} still sees {}, which is down", observer(recorded_.operations[i]),
                      to_text(members_.name(n), 30)),
          std::move(shown));
  }
  /// Operation shown[0] is wrong about member n.
  void found(std::string_view anomaly, std::uint32_t n, std::string message,
             std::vector<std::uint32_t> shown) {
    if (!settled_) return findings_.add(anomaly, std::move(message), std::move(shown));
    const std::uint32_t me = members_.of(recorded_.operations[shown[0]].key);
    Lasting& lasting = lasting_[{me, n, anomaly}];
    if (lasting.views++ == 0) lasting = {1, std::move(message), std::move(shown)};
  }
  /// `seen`: the view of the same observer that had it last.
  void missing(std::uint32_t n, std::uint32_t i, std::uint32_t seen) {
    if (detection_only_) return;
    const RecordedOp& op = recorded_.operations[i];
    const std::string name = to_text(members_.name(n), 30);
    if (seen != kNone) {
      const RecordedOp& before = recorded_.operations[seen];
      if (!settled_ && before.returned < op.invoked &&
          members_.surely(n, before.invoked, op.returned) != nullptr) {
        findings_.add("false-suspicion",
                      fmt::format("{} saw {}, and no longer does, though that was up all the time",
                                  observer(op), name),
                      {seen, i});
        return;
      }
    }
    if (accuracy_only_) return;
    const Stay* stay = members_.surely(n, op.invoked, op.returned);
    if (stay == nullptr || !counts(op) || !long_before(stay->begins_time, op)) return;
    found("missing", n, fmt::format("{} does not see {}, which is up", observer(op), name), {i});
  }

  const Recorded& recorded_;
  Members members_;
  Findings& findings_;
  std::uint32_t known_;                  // members; observers may have numbers beyond
  std::optional<std::int64_t> within_;   // nanoseconds
  std::optional<std::int64_t> settled_;  // views from this time on are looked at
  bool accuracy_only_ = false;
  bool detection_only_ = false;
  std::vector<std::uint32_t> in_view_;  // by member: the latest view that has it
  std::map<std::uint32_t, std::vector<std::uint32_t>> seen_;  // by observer, the same
  struct Lasting {
    std::uint32_t views = 0;
    std::string message;
    std::vector<std::uint32_t> shown;  // of the first
  };
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::string_view>, Lasting> lasting_;
  std::map<std::uint32_t, std::uint32_t> views_of_;  // that count, by observer
  std::uint64_t judged_ = 0;
};

}  // namespace

bool is_membership_level(std::string_view level) { return level_named(level) != nullptr; }

CheckReport check_membership(const Recorded& recorded, const CheckOptions& options) {
  Findings findings(recorded);
  Views views(recorded, options, findings);
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    if (recorded.operations[i].is("view") && recorded.operations[i].ok()) order.push_back(i);
  }
  for (const std::uint32_t i : order) views.look(i);
  views.finish();
  if (views.judged() == 0) {
    findings.undecided(views.bounded()   ? "no view of a node that had been up for long enough"
                       : views.settled() ? "nobody was asked for a view once all had settled"
                                         : "nobody was asked for a view after the last change");
  }
  findings.note("views", std::to_string(order.size()));
  findings.note("views that had to be right", std::to_string(views.judged()));
  return std::move(findings).report();
}

}  // namespace seedbed::domain
