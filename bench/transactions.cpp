// Judging transactions: a million of them over lists, and some thousands over registers, whose
// order has to be found. Reading a file is not measured.
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/figures.h"
#include "sim/base/rng.h"
#include "sim/check/transactions/judge.h"

namespace seedbed::bench {

namespace {

using txn::History;
using txn::Model;

/// What a strictly serializable store answers to `sessions` clients: each transaction takes effect
/// at its return, and up to `sessions` are under way. One to five operations on ten keys at a time,
/// each of which is written 32 times, as Jepsen's generator does.
class Store {
 public:
  Store(Model model, std::uint64_t sessions)
      : model_(model),
        sessions_(sessions),
        history_({.model = model, .initial = "nil", .timed = true, .partial = false}) {}

  History record(std::uint64_t transactions) {
    for (std::uint64_t i = 0; i < transactions; ++i) {
      const std::uint64_t returned = 2 * (i + sessions_);
      history_.begin({.session = static_cast<txn::Id>(i % sessions_),
                      .invoked = returned - 2 * sessions_ + 1,
                      .returned = returned});
      for (std::uint64_t left = 1 + rng_.below(5); left > 0; --left) access(rng_.below(10));
    }
    return std::move(history_);
  }

 private:
  struct Key {
    std::string name;
    std::vector<std::string> values;
  };

  void access(std::uint64_t slot) {
    Key& key = keys_[slot];
    if (key.name.empty() || key.values.size() == 32) {
      key.name = std::to_string(next_key_++);
      key.values.clear();
    }
    if (rng_.below(2) == 0) {
      key.values.push_back(std::to_string(key.values.size() + 1));
      history_.write(key.name, key.values.back());
    } else if (model_ == Model::kRegister) {
      history_.read(key.name, key.values.empty() ? "nil" : key.values.back());
    } else {
      const std::vector<std::string_view> views(key.values.begin(), key.values.end());
      history_.read_list(key.name, views);
    }
  }

  Model model_;
  std::uint64_t sessions_;
  History history_;
  Rng rng_{1};
  Key keys_[10];
  std::uint64_t next_key_ = 0;
};

void add_judged(Suite& suite, Model model, std::uint64_t size, const std::string& level) {
  const std::string name = std::string(model == Model::kList ? "list-append " : "rw-register ") +
                           level + ", " + std::to_string(size) + " transactions";
  suite.add(name, [=] {
    const auto history = std::make_shared<const History>(Store(model, 20).record(size));
    Figure figure;
    figure.add(Side::kEngine, "judge", items(static_cast<std::int64_t>(size), [=](std::int64_t) {
                 const auto judged = check_transactions(*history, *txn::level_named(level));
                 if (judged.verdict != Verdict::kPass) throw std::runtime_error(judged.message);
               }));
    return figure;
  });
}

}  // namespace

void add_transactions(Suite& suite) {
  for (const std::uint64_t size : {10'000U, 100'000U, 1'000'000U}) {
    add_judged(suite, Model::kList, size, "strict-serializable");
  }
  add_judged(suite, Model::kList, 100'000, "snapshot-isolation");
  add_judged(suite, Model::kList, 100'000, "causal");
  for (const std::uint64_t size : {1'000U, 10'000U}) {
    add_judged(suite, Model::kRegister, size, "serializable");
    add_judged(suite, Model::kRegister, size, "snapshot-isolation");
  }
  add_judged(suite, Model::kRegister, 100'000, "causal");
}

}  // namespace seedbed::bench
