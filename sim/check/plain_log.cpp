// A log where it is plain which append is at which offset: by what the append returned, or a read
// there saw. The log only grows, so the append at an offset can take effect as soon as those below
// it can, and reads that found nothing there, or below, have begun; and it must before any of those
// above it, or a read that saw it or one above it, returns.
#include <algorithm>
#include <tuple>
#include <utility>

#include "sim/base/assert.h"
#include "sim/check/plain_orders.h"

namespace seedbed {

namespace {

using Calls = std::span<const Call<Act>>;

constexpr std::uint32_t kNone = Act::kNone;
constexpr std::uint64_t kNever = Call<Act>::kNever;

struct Entry {
  std::uint32_t append = kNone;  // a call
  std::uint32_t value = kNone;
  std::uint64_t from = 0;        // it is there at the earliest
  std::uint64_t until = kNever;  // and at the latest
};

class LogOrder {
 public:
  explicit LogOrder(Calls calls) : calls_(calls) {}

  PlainOrder run(Meter& meter) {
    for (const Call<Act>& call : calls_) {
      if (reads_something(call) || tells(call)) limit_ = std::max(limit_, offset(call) + 1);
    }
    // Every offset below was appended to, so what is beyond all calls is nowhere.
    if (limit_ > calls_.size()) return fail();
    entries_.resize(limit_);
    if (!place_told() || !place_seen()) return failed_ && !guessed_ ? fail() : std::nullopt;
    narrow();
    for (const Entry& e : entries_) {
      if (e.from >= e.until) return guessed_ ? std::nullopt : fail();
    }
    return replay(meter);
  }

 private:
  static std::size_t offset(const Call<Act>& call) { return static_cast<std::size_t>(call.op->n); }
  static bool is_append(const Call<Act>& call) { return call.op->code == OffsetLog::kAppend; }
  /// An append that must have happened, and says where.
  static bool tells(const Call<Act>& call) {
    return is_append(call) && call.returned != kNever && call.op->n >= 0;
  }
  static bool reads_something(const Call<Act>& call) {
    return !is_append(call) && call.returned != kNever && call.op->x != kNone;
  }
  bool wrong() { return failed_ = true, false; }

  bool place_told() {
    for (std::uint32_t i = 0; i < calls_.size(); ++i) {
      // One that returned without an offset may be anywhere.
      if (is_append(calls_[i]) && calls_[i].returned != kNever && calls_[i].op->n < 0) return false;
      if (reads_something(calls_[i])) {
        std::uint32_t& value = entries_[offset(calls_[i])].value;
        if (value != kNone && value != calls_[i].op->x) return wrong();
        value = calls_[i].op->x;
      }
      if (!tells(calls_[i])) continue;
      Entry& e = entries_[offset(calls_[i])];
      if (e.append != kNone) return wrong();
      e.append = i;
    }
    for (const Entry& e : entries_) {
      const bool both = e.append != kNone && e.value != kNone;
      if (both && calls_[e.append].op->x != e.value) return wrong();
    }
    return true;
  }

  /// Offsets whose append never returned. False where nobody knows which.
  bool place_seen() {
    std::vector<std::uint32_t> lost;  // by what they were told, -1: nothing; and by value
    for (std::uint32_t i = 0; i < calls_.size(); ++i) {
      if (is_append(calls_[i]) && calls_[i].returned == kNever) lost.push_back(i);
    }
    const auto rank = [&](std::uint32_t i) { return std::pair(calls_[i].op->n, calls_[i].op->x); };
    std::sort(lost.begin(), lost.end(),
              [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
    const auto with = [&](std::int64_t n, std::uint32_t value) {  // kNone: any
      const auto begin =
          std::lower_bound(lost.begin(), lost.end(), std::pair(n, value == kNone ? 0 : value),
                           [&](std::uint32_t i, auto r) { return rank(i) < r; });
      const auto end = std::upper_bound(begin, lost.end(), std::pair(n, value),
                                        [&](auto r, std::uint32_t i) { return r < rank(i); });
      return std::span(begin, end);
    };
    std::vector<bool> used(calls_.size(), false);
    const auto fill = [&](Entry& e, std::uint32_t append) {
      e.append = append;
      const bool first = !used[append];
      used[append] = true;
      return first;
    };
    std::vector<std::uint32_t> unseen;  // offsets
    for (std::uint32_t at = 0; at < limit_; ++at) {
      Entry& e = entries_[at];
      if (e.append != kNone) continue;
      const auto told = with(at, e.value);
      const auto untold = with(-1, e.value);
      if (told.size() + untold.size() == 0) return wrong();
      if (told.empty() && e.value == kNone) {
        unseen.push_back(at);
        continue;
      }
      guessed_ |= told.size() + untold.size() > 1;
      if (!fill(e, told.empty() ? untold[0] : told[0])) return false;
    }
    // The first to be called is as good at the first offset that nobody saw as any other.
    std::vector<std::uint32_t> left;
    for (const std::uint32_t i : with(-1, kNone)) {
      if (!used[i]) left.push_back(i);
    }
    if (left.size() < unseen.size()) return wrong();
    std::sort(left.begin(), left.end(), [&](std::uint32_t a, std::uint32_t b) {
      return calls_[a].invoked < calls_[b].invoked;
    });
    for (std::size_t k = 0; k < unseen.size(); ++k) fill(entries_[unseen[k]], left[k]);
    return true;
  }

  void narrow() {
    std::vector<std::uint64_t> read_until(limit_, kNever);
    for (const Call<Act>& call : calls_) {
      if (is_append(call) || call.returned == kNever) continue;
      if (call.op->x != kNone) {
        std::uint64_t& until = read_until[offset(call)];
        until = std::min(until, call.returned);
      } else if (offset(call) < limit_) {
        std::uint64_t& from = entries_[offset(call)].from;
        from = std::max(from, call.invoked);
      }
    }
    std::uint64_t from = 0;
    for (Entry& e : entries_) from = e.from = std::max({from, e.from, calls_[e.append].invoked});
    std::uint64_t until = kNever;
    for (std::size_t at = limit_; at-- > 0;) {
      Entry& e = entries_[at];
      until = e.until = std::min({until, calls_[e.append].returned, read_until[at]});
    }
  }

  /// Who found nothing, then the append, then who saw it, at the earliest time for each.
  std::vector<std::uint32_t> order() const {
    std::vector<std::tuple<std::uint64_t, std::uint32_t, std::uint64_t, std::uint32_t>> placed;
    for (std::uint32_t i = 0; i < calls_.size(); ++i) {
      const Call<Act>& call = calls_[i];
      if (is_append(call) || call.returned == kNever) continue;
      if (call.op->x == kNone) {
        placed.emplace_back(call.invoked, 0, call.invoked, i);
      } else {
        placed.emplace_back(std::max(call.invoked, entries_[offset(call)].from), 2, call.invoked,
                            i);
      }
    }
    for (std::size_t at = 0; at < limit_; ++at) {
      placed.emplace_back(entries_[at].from, 1, at, entries_[at].append);
    }
    std::sort(placed.begin(), placed.end());
    std::vector<std::uint32_t> order;
    order.reserve(placed.size());
    for (const auto& p : placed) order.push_back(std::get<3>(p));
    return order;
  }

  PlainOrder fail() const {
    Linearization<Sequences::State> r;
    r.verdict = Verdict::kFail;
    return r;
  }

  PlainOrder replay(Meter& meter) const {
    Linearization<Sequences::State> r;
    r.order = order();
    r.bytes = calls_.size() * sizeof(Entry);
    Sequences::State log;
    std::uint64_t invoked = 0;
    for (const std::uint32_t i : r.order) {
      if (!meter.take()) return r;
      const Act& a = *calls_[i].op;
      const auto at = static_cast<std::size_t>(a.n);
      const bool there = at < log.size();
      const bool possible = is_append(calls_[i])
                                ? a.n < 0 || at == log.size()
                                : (a.x == kNone ? !there : there && log[at] == a.x);
      SEEDBED_ASSERT(possible && calls_[i].returned > invoked,
                     "operation {} is not where it is possible", i);
      invoked = std::max(invoked, calls_[i].invoked);
      if (is_append(calls_[i])) log.push_back(a.x);
    }
    r.verdict = Verdict::kPass;
    r.state = std::move(log);
    return r;
  }

  Calls calls_;
  bool failed_ = false;
  bool guessed_ = false;   // some append could be at another offset, too
  std::size_t limit_ = 0;  // offsets that there are, for all that was told
  std::vector<Entry> entries_;
};

}  // namespace

PlainOrder plain_order(const OffsetLog& /*model*/, Calls calls, Meter& meter) {
  return LogOrder(calls).run(meter);
}

}  // namespace seedbed
