#include "sim/check/history/generated.h"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/hash.h"
#include "sim/base/rng.h"

namespace seedbed::history {

namespace {

constexpr std::string_view kModels[] = {"register", "cas-register", "kv",  "queue",
                                        "stack",    "counter",      "set", "lock",
                                        "log",      "id-generator"};

Value keyword(std::string_view text) { return Value::of(Value::Kind::kKeyword, text); }

/// A service: what clients ask of it, and what becomes of it. It changes the value that was asked
/// with into what is answered.
class Service {
 public:
  Service(std::string_view model, Arena& arena, Rng& rng)
      : model_(model), arena_(arena), rng_(rng) {}

  void ask(RecordedOp& op) {
    const std::uint64_t kind = rng_.below(10);
    if (model_ == "lock") {
      const bool holds = held_[op.process];
      op.function = keyword(holds ? "release" : "acquire");
    } else if (model_ == "id-generator") {
      op.function = keyword("generate");
    } else if (model_ == "log") {
      op.function = keyword(kind < 5 ? "append" : "read");
      const auto beyond = static_cast<std::int64_t>(items_.size());
      if (kind < 5) {
        op.value = fresh();
      } else {
        op.value = pair(Value::of(std::max<std::int64_t>(0, beyond - below(20))), Value());
      }
    } else if (model_ == "counter") {
      op.function = keyword(kind < 5 ? "add" : "read");
      if (kind < 5) op.value = Value::of(1 + below(5));
    } else if (model_ == "set") {
      op.function = keyword(kind < 4 ? "add" : kind < 7 ? "remove" : "contains");
      op.value = Value::of(below(1000));
      if (kind >= 7) op.value = pair(op.value, Value());
    } else if (model_ == "queue" || model_ == "stack") {
      const bool put = kind < 5;
      op.function =
          keyword(model_ == "queue" ? (put ? "enqueue" : "dequeue") : (put ? "push" : "pop"));
      if (put) op.value = fresh();
    } else {
      ask_register(op, kind);
    }
  }

  /// False where it has to wait.
  bool happen(RecordedOp& op) {
    if (model_ == "lock") return happen_lock(op);
    if (model_ == "id-generator") {
      op.value = fresh();
    } else if (model_ == "log") {
      happen_log(op);
    } else if (model_ == "counter") {
      op.is("add") ? static_cast<void>(sum_ += op.value.integer())
                   : static_cast<void>(op.value = Value::of(sum_));
    } else if (model_ == "set") {
      happen_set(op);
    } else if (model_ == "queue" || model_ == "stack") {
      happen_collection(op);
    } else {
      happen_register(op);
    }
    return true;
  }

 private:
  std::int64_t below(std::uint64_t n) { return static_cast<std::int64_t>(rng_.below(n)); }
  Value fresh() { return Value::of(++last_); }
  Value pair(const Value& a, const Value& b) {
    const Value items[] = {a, b};
    return Value::of(Value::Kind::kList, arena_.keep(items));
  }

  void ask_register(RecordedOp& op, std::uint64_t kind) {
    if (model_ == "kv") op.key = Value::of(below(100));
    op.function = keyword(kind < 5 ? "read" : "write");
    if (kind >= 5) op.value = fresh();
    if (kind < 8 || model_ == "register") return;
    op.function = keyword("cas");
    op.value = pair(values_[key_of(op)], fresh());
  }
  static std::int64_t key_of(const RecordedOp& op) {
    return op.key.is_integer() ? op.key.integer() : 0;
  }
  void happen_register(RecordedOp& op) {
    Value& value = values_[key_of(op)];
    if (op.is("read")) {
      op.value = value;
    } else if (op.is("write")) {
      value = op.value;
    } else if (value == op.value.items()[0]) {
      value = op.value.items()[1];
    } else {
      op.completion = Completion::kFail;
    }
  }
  bool happen_lock(RecordedOp& op) {
    if (op.is("acquire") && taken_) return false;
    taken_ = held_[op.process] = op.is("acquire");
    return true;
  }
  void happen_log(RecordedOp& op) {
    const Value at = op.is("append") ? Value() : op.value.items()[0];
    if (op.is("append")) {
      op.value = pair(Value::of(static_cast<std::int64_t>(items_.size())), op.value);
      items_.push_back(op.value.items()[1]);
    } else if (static_cast<std::size_t>(at.integer()) < items_.size()) {
      op.value = pair(at, items_[static_cast<std::size_t>(at.integer())]);
    }
  }
  void happen_set(RecordedOp& op) {
    if (op.is("contains")) {
      const Value value = op.value.items()[0];
      op.value = pair(value, Value::of(present_[value.integer()]));
    } else {
      present_[op.value.integer()] = op.is("add");
    }
  }
  void happen_collection(RecordedOp& op) {
    if (op.is("enqueue") || op.is("push")) return items_.push_back(op.value);
    op.value = Value();
    if (items_.empty()) return;
    op.value = model_ == "queue" ? items_.front() : items_.back();
    model_ == "queue" ? items_.pop_front() : items_.pop_back();
  }

  std::string_view model_;
  Arena& arena_;
  Rng& rng_;
  std::int64_t last_ = 0;
  std::int64_t sum_ = 0;
  bool taken_ = false;
  std::deque<Value> items_;
  std::map<std::int64_t, Value> values_;
  std::map<std::int64_t, bool> held_;
  std::map<std::int64_t, bool> present_;
};

class Generator {
 public:
  explicit Generator(const Generated& wanted)
      : wanted_(wanted),
        rng_(seedbed::hash_of(wanted.seed)),
        service_(wanted.model, *recorded_.arena, rng_),
        clients_(wanted.clients) {
    for (std::uint32_t c = 0; c < wanted.clients; ++c) clients_[c].process = c;
    next_process_ = wanted.clients;
  }

  Recorded run() {
    recorded_.operations.reserve(wanted_.operations);
    // Some time for the last ones; who waits for a lock may wait for ever.
    std::size_t patience = 100 * clients_.size();
    while (recorded_.operations.size() < wanted_.operations || patience-- > 0) {
      position_ += 2;
      advance(clients_[rng_.below(clients_.size())]);
    }
    for (const Client& c : clients_) {
      if (c.phase == Phase::kIdle) continue;
      recorded_.operations[c.op].completion = Completion::kInfo;
      recorded_.operations[c.op].value = c.asked;
    }
    if (wanted_.planted) plant();
    return std::move(recorded_);
  }

 private:
  enum class Phase : std::uint8_t { kIdle, kCalled, kHappened };
  struct Client {
    std::int64_t process = 0;
    Phase phase = Phase::kIdle;
    std::size_t op = 0;
    Value asked;
  };

  /// Every so many operations one is lost, before or after it happened.
  bool loses() const {
    if (wanted_.lost == 0 || wanted_.model == "lock") return false;
    return recorded_.operations.size() >= (lost_ + 1) * (wanted_.operations / (wanted_.lost + 1));
  }

  void advance(Client& c) {
    if (c.phase == Phase::kIdle) {
      if (recorded_.operations.size() < wanted_.operations) call(c);
      return;
    }
    RecordedOp& op = recorded_.operations[c.op];
    if (lost_ < wanted_.lost && loses()) {
      ++lost_;
      // What it would have been told nobody knows.
      op.value = c.asked;
      op.completion = Completion::kInfo;
      c.phase = Phase::kIdle;
      c.process = next_process_++;
    } else if (c.phase == Phase::kCalled) {
      if (op.completion == Completion::kInfo) op.completion = Completion::kOk;
      if (service_.happen(op)) c.phase = Phase::kHappened;
    } else {
      op.returned = op.completed = position_;
      c.phase = Phase::kIdle;
    }
  }
  void call(Client& c) {
    c.op = recorded_.operations.size();
    c.phase = Phase::kCalled;
    RecordedOp& op = recorded_.operations.emplace_back();
    op.process = c.process;
    op.invoked = position_;
    service_.ask(op);
    c.asked = op.value;
  }

  // ---- A wrong answer

  /// The answers of this function that can be wrong, in order.
  std::vector<std::size_t> answers(std::string_view function) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < recorded_.operations.size(); ++i) {
      const RecordedOp& op = recorded_.operations[i];
      if (op.ok() && op.is(function) && (!op.value.is_nil() || wanted_.model == "lock") &&
          (op.key.is_nil() || op.key.integer() == 7)) {
        found.push_back(i);
      }
    }
    return found;
  }

  void plant() {
    const std::string_view m = wanted_.model;
    const auto wrong = answers(m == "queue"          ? "dequeue"
                               : m == "stack"        ? "pop"
                               : m == "lock"         ? "release"
                               : m == "set"          ? "contains"
                               : m == "id-generator" ? "generate"
                                                     : "read");
    const std::size_t middle = wrong.size() / 2;
    SEEDBED_ASSERT(middle > 0, "{} operations of a {} are too few", wanted_.operations, m);
    RecordedOp& op = recorded_.operations[wrong[middle]];
    const std::size_t back = std::min<std::size_t>(middle, 3 * wanted_.clients);
    RecordedOp& earlier = recorded_.operations[wrong[middle - back]];
    if (m == "queue" || m == "stack") {
      std::swap(op.value, earlier.value);
    } else if (m == "lock") {
      op.function = keyword("acquire");
    } else if (m == "counter") {
      op.value = Value::of(op.value.integer() + 1'000);
    } else if (m == "set" || m == "log") {
      const auto items = op.value.items();
      const Value changed[] = {items[0],
                               m == "set" ? Value::of(items[1].integer() == 0) : Value::of(-1L)};
      op.value = Value::of(Value::Kind::kList, recorded_.arena->keep(changed));
    } else {
      op.value = earlier.value;
    }
  }

  Generated wanted_;
  Recorded recorded_;
  Rng rng_;
  Service service_;
  std::vector<Client> clients_;
  std::int64_t next_process_ = 0;
  std::uint64_t position_ = 0;
  std::uint32_t lost_ = 0;
};

}  // namespace

std::span<const std::string_view> generated_models() { return kModels; }

Recorded generate(const Generated& wanted) {
  SEEDBED_ASSERT(
      std::find(std::begin(kModels), std::end(kModels), wanted.model) != std::end(kModels),
      "{} is no model", wanted.model);
  return Generator(wanted).run();
}

}  // namespace seedbed::history
