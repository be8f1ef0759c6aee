#include <fmt/format.h>

#include <algorithm>

#include "sim/check/encode.h"

namespace seedbed {

using history::Recorded;
using history::RecordedOp;
using history::Value;
using history::ValueNumbers;

namespace {

/// Parts with one model, filled one operation after another.
template <class Model>
struct Encoder {
  explicit Encoder(const Recorded& history) : recorded(history) {
    part.ops.reserve(history.operations.size());
    part.source.reserve(history.operations.size());
  }

  const Recorded& recorded;
  ValueNumbers numbers{};
  Part<Model> part{};

  void push(std::uint32_t index, Act act) {
    part.ops.push_back(act);
    part.source.push_back(index);
  }
  std::vector<Part<Model>> take() {
    std::vector<Part<Model>> parts;
    parts.push_back(std::move(part));
    return parts;
  }
};

/// Calls `encode(index, op)` with every operation that may have happened.
template <class Encode>
void for_each_op(const Recorded& recorded, Encode encode) {
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    if (!recorded.operations[i].failed()) encode(i, recorded.operations[i]);
  }
}

/// One part for each value that there is, where nothing was said of several at once.
template <class Model>
std::vector<Part<Model>> by_value(const Part<Model>& whole, const ValueNumbers& numbers) {
  std::vector<std::uint32_t> part_of(numbers.size(), Act::kNone);
  std::vector<Part<Model>> parts;
  for (std::size_t i = 0; i < whole.ops.size(); ++i) {
    const std::uint32_t x = whole.ops[i].x;
    if (part_of[x] == Act::kNone) {
      part_of[x] = static_cast<std::uint32_t>(parts.size());
      parts.emplace_back().label = "value " + to_text(numbers[x], 30);
    }
    parts[part_of[x]].ops.push_back(whole.ops[i]);
    parts[part_of[x]].source.push_back(whole.source[i]);
  }
  return parts;
}

/// Puts and takes: of a queue, a stack or a bag.
template <class Model>
Encoder<Model> encode_collection(const Recorded& recorded, std::string_view name,
                                 std::string_view put, std::string_view take) {
  enum Code : std::uint32_t { kPut, kTake, kEmpty };
  Encoder<Model> e(recorded);
  for_each_op(recorded, [&](std::uint32_t i, const RecordedOp& op) {
    if (op.is(put)) {
      e.push(i, {kPut, e.numbers.of(op.value), 0});
    } else if (!op.is(take)) {
      detail::refuse_function(op, name, fmt::format(":{} and :{}", put, take));
    } else if (op.ok() && op.value.is_nil()) {
      e.push(i, {kEmpty, Act::kNone, 0});
    } else {
      e.push(i, {kTake, op.ok() ? e.numbers.of(op.value) : Act::kNone, 0});
    }
  });
  return e;
}

}  // namespace

std::vector<Part<FifoQueue>> encode_queue(const Recorded& recorded, const CheckOptions&) {
  return encode_collection<FifoQueue>(recorded, "queue", "enqueue", "dequeue").take();
}

std::vector<Part<Stack>> encode_stack(const Recorded& recorded, const CheckOptions&) {
  return encode_collection<Stack>(recorded, "stack", "push", "pop").take();
}

std::vector<Part<Bag>> encode_bag(const Recorded& recorded, const CheckOptions&) {
  auto e = encode_collection<Bag>(recorded, "queue", "enqueue", "dequeue");
  const bool empty = std::any_of(e.part.ops.begin(), e.part.ops.end(),
                                 [](const Act& a) { return a.code == Bag::kEmpty; });
  // A dequeue of nobody knows what: whatever it took might as well still be there, unless somebody
  // found nothing at all.
  Part<Bag> known;
  for (std::size_t i = 0; i < e.part.ops.size(); ++i) {
    const bool unknown = e.part.ops[i].code == Bag::kTake && e.part.ops[i].x == Act::kNone;
    if (unknown && empty) {
      throw history::BadHistory(recorded.operations[e.part.source[i]].offset(),
                                "a dequeue that ended :info cannot be judged where another found "
                                "the queue empty; use the model queue");
    }
    if (unknown) continue;
    known.ops.push_back(e.part.ops[i]);
    known.source.push_back(e.part.source[i]);
  }
  if (!empty) return by_value(known, e.numbers);
  e.part = std::move(known);
  return e.take();
}

std::vector<Part<SetOfValues>> encode_set(const Recorded& recorded, const CheckOptions&) {
  Encoder<SetOfValues> e(recorded);
  for_each_op(recorded, [&](std::uint32_t i, const RecordedOp& op) {
    if (op.is("add")) {
      e.push(i, {SetOfValues::kAdd, e.numbers.of(op.value), 0});
    } else if (op.is("remove")) {
      e.push(i, {SetOfValues::kRemove, e.numbers.of(op.value), 0});
    } else if (op.is("contains")) {
      if (!op.ok()) return;
      const auto pair = op.value.items();
      if (pair.size() != 2 || !pair[1].is_boolean()) {
        detail::refuse_value(op, "a contains wants [value true] or [value false]");
      }
      e.push(i, {SetOfValues::kHas, e.numbers.of(pair[0]), pair[1].integer()});
    } else if (op.is("read")) {
      if (!op.ok() || op.value.is_nil()) return;
      if (!op.value.has_items()) detail::refuse_value(op, "a read wants a list of values");
      Sequences::State all;
      for (const Value& v : op.value.items()) all.push_back(e.numbers.of(v));
      std::sort(all.begin(), all.end());
      e.push(i,
             {SetOfValues::kAll, Act::kNone, static_cast<std::int64_t>(e.part.model.whole.size())});
      e.part.model.whole.push_back(std::move(all));
    } else {
      detail::refuse_function(op, "set", ":add, :remove, :contains and :read");
    }
  });
  return e.part.model.whole.empty() ? by_value(e.part, e.numbers) : e.take();
}

std::vector<Part<Counter>> encode_counter(const Recorded& recorded, const CheckOptions& options) {
  Encoder<Counter> e(recorded);
  const Value initial = detail::initial_value(recorded, options);
  if (initial.is_integer()) e.part.model.initial = initial.integer();
  const auto size = [](std::int64_t n) { return n < 0 ? -Int128{n} : Int128{n}; };
  Int128 farthest = size(e.part.model.initial);
  const auto count = [&](std::int64_t added) {
    farthest += size(added);
    return added;
  };
  for_each_op(recorded, [&](std::uint32_t i, const RecordedOp& op) {
    const bool known = op.value.is_integer();
    if (op.is("add") || op.is("increment") || op.is("decrement")) {
      if (!known && !op.value.is_nil()) detail::refuse_value(op, "an integer is to be added");
      const std::int64_t by = known ? op.value.integer() : 1;
      if (by == INT64_MIN) detail::refuse_value(op, "that is too much to be added");
      e.push(i, {Counter::kAdd, 0, count(op.is("decrement") ? -by : by)});
    } else if (op.is("read")) {
      if (!op.ok() || op.value.is_nil()) return;
      if (!known) detail::refuse_value(op, "a counter holds an integer");
      e.push(i, {Counter::kRead, 0, op.value.integer()});
    } else if (op.is("add-and-get")) {
      const auto pair = op.value.items();
      const bool whole = pair.size() == 2 && pair[0].is_integer() && pair[1].is_integer();
      if (op.ok() && !whole) detail::refuse_value(op, "an add-and-get wants [delta value]");
      const Value& delta = whole ? pair[0] : op.value;
      if (!delta.is_integer() || delta.integer() != static_cast<std::int32_t>(delta.integer())) {
        detail::refuse_value(op, "an add-and-get wants a small integer");
      }
      if (op.ok()) {
        e.push(i, {Counter::kAddAndGet, static_cast<std::uint32_t>(count(delta.integer())),
                   pair[1].integer()});
      } else {
        e.push(i, {Counter::kAdd, 0, count(delta.integer())});
      }
    } else {
      detail::refuse_function(op, "counter",
                              ":add, :increment, :decrement, :add-and-get and :read");
    }
  });
  e.part.model.never_wraps = farthest <= INT64_MAX;
  return e.take();
}

namespace {

enum class Owners { kAny, kProcess, kFenced };

std::vector<Part<Lock>> encode_locks(const Recorded& recorded, Owners owners) {
  Encoder<Lock> e(recorded);
  for_each_op(recorded, [&](std::uint32_t i, const RecordedOp& op) {
    const std::uint32_t owner = owners == Owners::kAny ? 0 : e.numbers.of(Value::of(op.process));
    if (op.is("release")) {
      e.push(i, {Lock::kRelease, owner, 0});
    } else if (op.is("acquire")) {
      std::int64_t token = Lock::kUnfenced;
      if (owners == Owners::kFenced) {
        const bool known = op.ok() && op.value.is_integer() && op.value.integer() >= 0;
        if (op.ok() && !known && !op.value.is_nil()) {
          detail::refuse_value(op, "an acquire returns a token, from 0");
        }
        token = known ? op.value.integer() : Lock::kUnknown;
      }
      e.push(i, {Lock::kAcquire, owner, token});
    } else {
      detail::refuse_function(op, "lock", ":acquire and :release");
    }
  });
  return e.take();
}

}  // namespace

std::vector<Part<Lock>> encode_mutex(const Recorded& recorded, const CheckOptions&) {
  return encode_locks(recorded, Owners::kAny);
}
std::vector<Part<Lock>> encode_lock(const Recorded& recorded, const CheckOptions&) {
  return encode_locks(recorded, Owners::kProcess);
}
std::vector<Part<Lock>> encode_fenced_lock(const Recorded& recorded, const CheckOptions&) {
  return encode_locks(recorded, Owners::kFenced);
}

std::vector<Part<OffsetLog>> encode_log(const Recorded& recorded, const CheckOptions&) {
  Encoder<OffsetLog> e(recorded);
  for_each_op(recorded, [&](std::uint32_t i, const RecordedOp& op) {
    const auto pair = op.value.items();
    const bool placed = pair.size() == 2 && pair[0].is_integer() && pair[0].integer() >= 0;
    if (op.is("append")) {
      const Value& value = op.ok() && placed ? pair[1] : op.value;
      e.push(i,
             {OffsetLog::kAppend, e.numbers.of(value), op.ok() && placed ? pair[0].integer() : -1});
    } else if (op.is("read")) {
      if (!op.ok()) return;
      if (!placed) detail::refuse_value(op, "a read wants [offset value]");
      e.push(i, {OffsetLog::kRead, pair[1].is_nil() ? Act::kNone : e.numbers.of(pair[1]),
                 pair[0].integer()});
    } else {
      detail::refuse_function(op, "log", ":append and :read");
    }
  });
  return e.take();
}

namespace {

/// Without the values that come once, of which there is nothing to judge.
Part<IdGenerator> repeated(const Part<IdGenerator>& whole, std::size_t values) {
  std::vector<std::uint32_t> times(values, 0);
  for (const Act& op : whole.ops) ++times[op.x];
  Part<IdGenerator> rest;
  for (std::size_t i = 0; i < whole.ops.size(); ++i) {
    if (times[whole.ops[i].x] == 1) continue;
    rest.ops.push_back(whole.ops[i]);
    rest.source.push_back(whole.source[i]);
  }
  return rest;
}

}  // namespace

std::vector<Part<IdGenerator>> encode_ids(const Recorded& recorded, const CheckOptions&) {
  Encoder<IdGenerator> e(recorded);
  for_each_op(recorded, [&](std::uint32_t i, const RecordedOp& op) {
    if (!op.is("generate")) detail::refuse_function(op, "generator of ids", ":generate");
    if (op.ok()) e.push(i, {0, e.numbers.of(op.value), 0});
  });
  return by_value(repeated(e.part, e.numbers.size()), e.numbers);
}

std::vector<Part<Registers>> encode_multi_register(const Recorded& recorded,
                                                   const CheckOptions& options) {
  Encoder<Registers> e(recorded);
  ValueNumbers places;
  const std::uint32_t initial = e.numbers.of(detail::initial_value(recorded, options));
  for_each_op(recorded, [&](std::uint32_t i, const RecordedOp& op) {
    if (!op.value.is_list()) detail::refuse_value(op, "a transaction wants [[:read k v] ...]");
    std::vector<Registers::Part> parts;
    for (const Value& item : op.value.items()) {
      const auto words = item.items();
      const bool whole = words.size() == 3;
      const bool write = whole && (words[0].is("write") || words[0].is("w"));
      if (!write && !(whole && (words[0].is("read") || words[0].is("r")))) {
        detail::refuse_value(op, "a transaction wants [:read k v] and [:write k v]");
      }
      const std::uint32_t place = places.of(words[1]);
      if (write || (op.ok() && !words[2].is_nil())) {
        parts.push_back({write, place, e.numbers.of(words[2])});
      }
    }
    e.push(i, {0, Act::kNone, static_cast<std::int64_t>(e.part.model.parts.size())});
    e.part.model.parts.push_back(std::move(parts));
  });
  e.part.model.initial.assign(places.size(), initial);
  return e.take();
}

}  // namespace seedbed
