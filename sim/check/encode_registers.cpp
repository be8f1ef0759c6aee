#include <fmt/format.h>

#include <map>
#include <string>

#include "sim/check/encode.h"
#include "sim/check/history/map_reader.h"

namespace seedbed {

using history::Recorded;
using history::RecordedOp;
using history::Value;
using history::ValueNumbers;

namespace detail {

void refuse_function(const RecordedOp& op, std::string_view model, std::string_view known) {
  throw history::BadHistory(op.offset(), fmt::format("{} is no operation of a {}: there are {}",
                                                     to_text(op.function, 30), model, known));
}

void refuse_value(const RecordedOp& op, std::string_view wanted) {
  throw history::BadHistory(op.offset(),
                            fmt::format("{}; found {}", wanted, to_text(op.value, 40)));
}

Value initial_value(const Recorded& recorded, const CheckOptions& options) {
  Value value = recorded.texts ? Value::of(Value::Kind::kString, std::string_view()) : Value();
  if (!options.init) return value;
  for_each_map("{:init " + *options.init + "\n}", history::Syntax::kEdn, [&](const Value& map) {
    if (map.items().size() != 2) throw history::BadHistory(0, "--init is one value in EDN");
    value = recorded.arena->copy(*map.get("init"));
  });
  return value;
}

}  // namespace detail

namespace {

enum class Kind { kRead, kWrite, kCas, kAppend, kOther };

Kind kind_of(const RecordedOp& op) {
  if (op.is("read") || op.is("get")) return Kind::kRead;
  if (op.is("write") || op.is("put")) return Kind::kWrite;
  if (op.is("cas")) return Kind::kCas;
  return op.is("append") ? Kind::kAppend : Kind::kOther;
}

/// One register's operations as acts, while its values are numbered.
class RegisterEncoder {
 public:
  RegisterEncoder(const Recorded& recorded, const Value& initial, bool nil_is_known)
      : recorded_(recorded), nil_is_known_(nil_is_known) {
    part_.model.initial = numbers_.of(initial);
  }

  void add(std::uint32_t index) {
    const RecordedOp& op = recorded_.operations[index];
    const Kind kind = kind_of(op);
    if (op.failed()) {
      if (kind == Kind::kCas && recorded_.failures_tell) {
        push(index, {RegisterCells::kAvoid, numbers_.of(pair_of(op)[0]), 0});
      }
      return;
    }
    if (kind == Kind::kRead) {
      if (!op.ok() || (op.value.is_nil() && !nil_is_known_)) return;
      push(index, {RegisterCells::kRead, numbers_.of(op.value), 0});
    } else if (kind == Kind::kCas) {
      const auto values = pair_of(op);
      const std::uint32_t old = numbers_.of(values[0]);
      push(index, {RegisterCells::kCas, old, numbers_.of(values[1])});
    } else {
      push(index, {RegisterCells::kWrite, Act::kNone, numbers_.of(op.value)});
    }
  }
  Part<RegisterCells> take(std::string label) {
    part_.label = std::move(label);
    return std::move(part_);
  }

 private:
  static std::span<const Value> pair_of(const RecordedOp& op) {
    if (!op.value.is_list() || op.value.items().size() != 2) {
      detail::refuse_value(op, "a cas wants [old new]");
    }
    return op.value.items();
  }
  void push(std::uint32_t index, Act act) {
    part_.ops.push_back(act);
    part_.source.push_back(index);
  }

  const Recorded& recorded_;
  bool nil_is_known_;
  ValueNumbers numbers_;
  Part<RegisterCells> part_;
};

/// A key to which something is appended.
Part<TextCell> text_part(const Recorded& recorded, const std::vector<std::uint32_t>& indices,
                         const Value& initial) {
  Part<TextCell> part;
  const auto number = [&](const RecordedOp& op, const Value& value) {
    if (!value.is_text() && !value.is_nil()) {
      detail::refuse_value(op, "a key to which something is appended holds texts");
    }
    part.model.texts.push_back(value.is_nil() ? std::string_view() : value.text());
    return static_cast<std::uint32_t>(part.model.texts.size() - 1);
  };
  part.model.initial = initial.is_text() ? std::string(initial.text()) : "";
  for (const std::uint32_t i : indices) {
    const RecordedOp& op = recorded.operations[i];
    const Kind kind = kind_of(op);
    if (op.failed() || (kind == Kind::kRead && !op.ok())) continue;
    Act act{TextCell::kGet, 0, 0};
    if (kind == Kind::kCas) {
      const auto values = op.value.items();
      if (values.size() != 2) detail::refuse_value(op, "a cas wants [old new]");
      act = {TextCell::kCas, number(op, values[0]), 0};
      act.n = number(op, values[1]);
    } else {
      act.code = kind == Kind::kWrite    ? TextCell::kPut
                 : kind == Kind::kAppend ? TextCell::kAppend
                                         : TextCell::kGet;
      act.x = number(op, op.value);
    }
    part.ops.push_back(act);
    part.source.push_back(i);
  }
  return part;
}

}  // namespace

std::vector<Part<RegisterCells>> encode_registers(const Recorded& recorded,
                                                  const CheckOptions& options, bool with_cas) {
  RegisterEncoder encoder(recorded, detail::initial_value(recorded, options),
                          recorded.failures_tell);
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOp& op = recorded.operations[i];
    const Kind kind = kind_of(op);
    if (kind == Kind::kOther || kind == Kind::kAppend || (kind == Kind::kCas && !with_cas)) {
      detail::refuse_function(op, with_cas ? "cas-register" : "register",
                              with_cas ? ":read, :write and :cas" : ":read and :write");
    }
    encoder.add(i);
  }
  std::vector<Part<RegisterCells>> parts;
  parts.push_back(encoder.take(""));
  return parts;
}

KvParts encode_kv(const Recorded& recorded, const CheckOptions& options, std::string_view only) {
  const Value initial = detail::initial_value(recorded, options);
  ValueNumbers keys;
  std::vector<std::vector<std::uint32_t>> of_key;
  for (std::uint32_t i = 0; i < recorded.operations.size(); ++i) {
    const RecordedOp& op = recorded.operations[i];
    if (kind_of(op) == Kind::kOther) {
      detail::refuse_function(op, "kv", ":read, :write, :cas, :get, :put and :append");
    }
    const std::uint32_t key = keys.of(op.key);
    if (key == of_key.size()) of_key.emplace_back();
    of_key[key].push_back(i);
  }
  KvParts parts;
  for (std::uint32_t key = 0; key < of_key.size(); ++key) {
    const bool meant = keys[key].is(only) || to_text(keys[key]) == only;
    if (!only.empty() && !meant) continue;
    const std::string label = keys[key].is_nil() ? "" : "key " + to_text(keys[key], 30);
    const bool appends = std::any_of(of_key[key].begin(), of_key[key].end(), [&](std::uint32_t i) {
      return kind_of(recorded.operations[i]) == Kind::kAppend;
    });
    if (appends) {
      Part<TextCell> part = text_part(recorded, of_key[key], initial);
      part.label = label;
      parts.texts.push_back(std::move(part));
      continue;
    }
    RegisterEncoder encoder(recorded, initial, true);
    for (const std::uint32_t i : of_key[key]) encoder.add(i);
    parts.registers.push_back(encoder.take(label));
  }
  return parts;
}

}  // namespace seedbed
