#include "tests/check/transactions_small.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>

namespace seedbed::txn::testing_small {

History history_of(const Small& small) {
  History h({.model = small.model, .initial = "0", .timed = small.timed, .partial = small.partial});
  for (const SmallTransaction& t : small.transactions) {
    h.begin(
        {.session = t.session, .outcome = t.outcome, .invoked = t.invoked, .returned = t.returned});
    for (const SmallOperation& o : t.operations) {
      const std::string key = std::to_string(o.key);
      if (o.write) {
        h.write(key, std::to_string(o.value));
      } else if (small.model == Model::kRegister) {
        h.read(key, std::to_string(o.value));
      } else {
        std::vector<std::string> texts;
        for (const unsigned v : o.list) texts.push_back(std::to_string(v));
        h.read_list(key, std::vector<std::string_view>(texts.begin(), texts.end()));
      }
    }
  }
  return h;
}

std::string text_of(const Small& small) {
  const History h = history_of(small);
  std::string text;
  for (Id t = 0; t < h.size(); ++t) {
    text += "T" + std::to_string(t + 1) + " s" + std::to_string(h[t].session);
    if (small.timed) {
      text += " [" + std::to_string(h[t].invoked) + " " + std::to_string(h[t].returned) + "]";
    }
    if (h[t].outcome == Outcome::kAborted) text += " aborted";
    if (h[t].outcome == Outcome::kIndeterminate) text += " info";
    for (const Access& a : h.accesses(t)) text += " | " + txn::text_of(h, a);
    text += "\n";
  }
  return text;
}

namespace {

constexpr unsigned kInitial = 1000;  // stands for the initial state where a writer is meant

/// One read of another's version.
struct From {
  unsigned reader = 0, key = 0, writer = 0;
};

/// The transactions that happened, in one order.
class Trial {
 public:
  Trial(const Small& small, const Rules& rules, std::vector<unsigned> happened)
      : small_(small), rules_(rules), happened_(std::move(happened)) {}

  bool any_order();

 private:
  const SmallTransaction& at(unsigned t) const { return small_.transactions[t]; }
  bool find_reads();
  bool find_read(unsigned t, unsigned i);
  /// Nobody wrote what was read, not even one that aborted.
  bool is_from_outside(const SmallOperation& read) const {
    if (read.value == 0) return false;
    for (const SmallTransaction& t : small_.transactions) {
      for (const SmallOperation& o : t.operations) {
        if (o.write && o.key == read.key && o.value == read.value) return false;
      }
    }
    return true;
  }
  bool outside_update_lost() const;
  std::optional<unsigned> writer_of(unsigned key, unsigned value, unsigned reader) const;
  bool writes(unsigned t, unsigned key) const {
    return std::any_of(at(t).operations.begin(), at(t).operations.end(),
                       [&](const SmallOperation& o) { return o.write && o.key == key; });
  }
  bool follows(unsigned a, unsigned b) const;  // b after a by session or real time
  bool reads_from(unsigned a, unsigned b) const {
    return std::any_of(reads_.begin(), reads_.end(),
                       [&](const From& r) { return r.writer == a && r.reader == b; });
  }
  bool holds();
  bool lists_fit() const;
  bool must_precede(unsigned t2, std::size_t read) const;
  bool causes(unsigned a, unsigned b) const;
  unsigned place(unsigned t) const { return t == kInitial ? 0 : place_[t]; }

  const Small& small_;
  const Rules& rules_;
  std::vector<unsigned> happened_;
  std::vector<From> reads_;  // in program order within a reader
  std::vector<unsigned> place_;
};

std::optional<unsigned> Trial::writer_of(unsigned key, unsigned value, unsigned reader) const {
  if (value == 0) return kInitial;
  for (const unsigned t : happened_) {
    std::optional<unsigned> last;
    for (const SmallOperation& o : at(t).operations) {
      if (o.write && o.key == key) last = o.value;
    }
    if (last == value && t != reader) return t;
  }
  return std::nullopt;  // nobody, or an intermediate version
}

bool Trial::find_read(unsigned t, unsigned i) {
  const SmallOperation& o = at(t).operations[i];
  std::vector<unsigned> own;
  for (unsigned j = 0; j < i; ++j) {
    const SmallOperation& before = at(t).operations[j];
    if (before.write && before.key == o.key) own.push_back(before.value);
  }
  unsigned value = o.value;
  if (small_.model == Model::kRegister) {
    if (!own.empty()) return o.value == own.back();
    if (small_.partial && is_from_outside(o)) {
      // That it read something else of the key before or after is seen all the same.
      const auto& all = at(t).operations;
      for (unsigned j = 0; j < all.size() && !(all[j].write && all[j].key == o.key); ++j) {
        const bool other = all[j].key == o.key && all[j].value != o.value;
        if (other && rules_.axioms >= Axioms::kReadAtomic) return false;
      }
      return true;
    }
  } else {
    if (o.list.size() < own.size()) return false;
    const auto base = o.list.end() - static_cast<std::ptrdiff_t>(own.size());
    if (!std::equal(own.begin(), own.end(), base)) return false;
    value = base == o.list.begin() ? 0 : *(base - 1);
  }
  const auto writer = writer_of(o.key, value, t);
  if (writer) reads_.push_back({t, o.key, *writer});
  return writer.has_value();
}

bool Trial::find_reads() {
  for (const unsigned t : happened_) {
    if (at(t).outcome != Outcome::kOk) continue;
    for (unsigned i = 0; i < at(t).operations.size(); ++i) {
      if (!at(t).operations[i].write && !find_read(t, i)) return false;
    }
  }
  return true;
}

bool Trial::follows(unsigned a, unsigned b) const {
  if (rules_.sessions && at(a).session == at(b).session && a < b) return true;
  return rules_.real_time && at(a).outcome == Outcome::kOk && at(a).returned < at(b).invoked;
}

/// (session order or reads-from)+
bool Trial::causes(unsigned a, unsigned b) const {
  if (follows(a, b) || reads_from(a, b)) return true;
  return std::any_of(happened_.begin(), happened_.end(), [&](unsigned c) {
    return c != b && c != a && place_[c] < place_[b] && (follows(c, b) || reads_from(c, b)) &&
           causes(a, c);
  });
}

/// Whether the level's axiom puts the writer t2 before the writer that was read from.
bool Trial::must_precede(unsigned t2, std::size_t read) const {
  const unsigned t3 = reads_[read].reader;
  const auto before_through = [&](const auto& link) {
    return std::any_of(happened_.begin(), happened_.end(), [&](unsigned t4) {
      return t4 != t3 && place_[t2] <= place_[t4] && link(t4);
    });
  };
  const auto visible = [&](unsigned t4) { return follows(t4, t3) || reads_from(t4, t3); };
  switch (rules_.axioms) {
    case Axioms::kReadCommitted:
      return std::any_of(reads_.begin(), reads_.begin() + static_cast<std::ptrdiff_t>(read),
                         [&](const From& r) { return r.reader == t3 && r.writer == t2; });
    case Axioms::kReadAtomic: return visible(t2);
    case Axioms::kCausal: return causes(t2, t3);
    case Axioms::kPrefix: return before_through(visible);
    case Axioms::kSnapshotIsolation:
      return before_through([&](unsigned t4) {
        if (visible(t4)) return true;
        if (place_[t4] > place_[t3]) return false;
        for (unsigned key = 0; key < 4; ++key) {
          if (writes(t4, key) && writes(t3, key)) return true;
        }
        return false;
      });
    case Axioms::kSerializable: return place_[t2] < place_[t3];
  }
  return false;
}

/// Each list that was read is what had been appended, in this order, by some first few.
bool Trial::lists_fit() const {
  std::vector<unsigned> order = happened_;
  std::sort(order.begin(), order.end(),
            [&](unsigned a, unsigned b) { return place_[a] < place_[b]; });
  std::map<unsigned, std::vector<unsigned>> whole;
  for (const unsigned t : order) {
    for (const SmallOperation& o : at(t).operations) {
      if (o.write) whole[o.key].push_back(o.value);
    }
  }
  for (const unsigned t : happened_) {
    if (at(t).outcome != Outcome::kOk) continue;
    std::map<unsigned, std::size_t> own;
    for (const SmallOperation& o : at(t).operations) {
      if (o.write) {
        ++own[o.key];
        continue;
      }
      const std::vector<unsigned>& all = whole[o.key];
      if (o.list.size() > all.size() || !std::equal(o.list.begin(), o.list.end(), all.begin())) {
        return false;
      }
    }
  }
  return true;
}

bool Trial::holds() {
  for (const unsigned a : happened_) {
    for (const unsigned b : happened_) {
      if (a != b && place_[a] > place_[b] && (follows(a, b) || reads_from(a, b))) return false;
    }
  }
  const bool lists = small_.model == Model::kList;
  if (lists && !lists_fit()) return false;
  if (lists && rules_.axioms == Axioms::kReadCommitted) return true;  // Adya's: no more than that
  for (std::size_t i = 0; i < reads_.size(); ++i) {
    const auto [t3, key, t1] = reads_[i];
    for (const unsigned t2 : happened_) {
      if (t2 == t1 || t2 == t3 || !writes(t2, key) || !must_precede(t2, i)) continue;
      if (t1 == kInitial || place_[t2] > place_[t1]) return false;
    }
  }
  return true;
}

/// Two read the same value from outside, and both wrote the key.
bool Trial::outside_update_lost() const {
  std::set<std::pair<unsigned, unsigned>> updated;
  for (const unsigned t : happened_) {
    if (at(t).outcome != Outcome::kOk) continue;
    std::set<std::pair<unsigned, unsigned>> own;
    for (const SmallOperation& o : at(t).operations) {
      if (!o.write && is_from_outside(o) && writes(t, o.key)) own.insert({o.key, o.value});
    }
    for (const auto& version : own) {
      if (!updated.insert(version).second) return true;
    }
  }
  return false;
}

bool Trial::any_order() {
  if (!find_reads()) return false;
  if (small_.model == Model::kRegister && small_.partial &&
      rules_.axioms >= Axioms::kSnapshotIsolation && outside_update_lost()) {
    return false;
  }
  place_.assign(small_.transactions.size(), 0);
  std::vector<unsigned> order = happened_;
  std::sort(order.begin(), order.end());
  do {
    for (unsigned i = 0; i < order.size(); ++i) place_[order[i]] = i + 1;
    if (holds()) return true;
  } while (std::next_permutation(order.begin(), order.end()));
  return false;
}

/// Elements that nobody wrote get a transaction each, in a session of its own.
Small with_outsiders(Small small) {
  std::set<std::pair<unsigned, unsigned>> written, read;
  for (const SmallTransaction& t : small.transactions) {
    for (const SmallOperation& o : t.operations) {
      if (o.write) {
        written.insert({o.key, o.value});
      } else if (t.outcome == Outcome::kOk) {
        for (const unsigned v : o.list) read.insert({o.key, v});
      }
    }
  }
  unsigned session = 100;
  for (const auto& [key, value] : read) {
    if (written.count({key, value}) != 0) continue;
    small.transactions.push_back({.operations = {{true, key, value}},
                                  .session = session++,
                                  .outcome = Outcome::kIndeterminate,
                                  .invoked = 0,
                                  .returned = 0});
  }
  return small;
}

}  // namespace

bool holds(const Small& given, const Rules& rules) {
  const Small small = given.partial ? with_outsiders(given) : given;
  std::vector<unsigned> certain, open;
  for (unsigned t = 0; t < small.transactions.size(); ++t) {
    const Outcome outcome = small.transactions[t].outcome;
    if (outcome == Outcome::kOk) certain.push_back(t);
    if (outcome == Outcome::kIndeterminate) open.push_back(t);
  }
  for (unsigned subset = 0; subset < (1U << open.size()); ++subset) {
    std::vector<unsigned> happened = certain;
    for (unsigned i = 0; i < open.size(); ++i) {
      if ((subset >> i) & 1U) happened.push_back(open[i]);
    }
    if (Trial(small, rules, happened).any_order()) return true;
  }
  return false;
}

}  // namespace seedbed::txn::testing_small
