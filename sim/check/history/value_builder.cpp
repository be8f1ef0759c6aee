#include "sim/check/history/value_builder.h"

#include <fmt/format.h>

namespace seedbed::history {

namespace {

std::string_view name_of(Value::Kind kind) {
  if (kind == Value::Kind::kMap) return "map";
  return kind == Value::Kind::kSet ? "set" : "list";
}

}  // namespace

void ValueBuilder::add(Value value, std::uint64_t at) {
  value.set_offset(at);
  if (!frames_.empty() && frames_.back().discard) {
    frames_.pop_back();
    if (frames_.empty()) arena_.clear();
    return;
  }
  if (!frames_.empty() && !frames_.back().stream) {
    pending_.push_back(value);
    return;
  }
  if (!value.is_map()) {
    throw BadHistory(
        value, fmt::format("expected an operation, which is a map; found {}", to_text(value, 40)));
  }
  visit_(value);
  arena_.clear();
}

void ValueBuilder::open(Value::Kind kind, std::uint64_t at) {
  if (frames_.size() == kDeepest) {
    throw BadHistory(at, fmt::format("more than {} values within one another", kDeepest));
  }
  const bool stream = frames_.empty() && kind == Value::Kind::kList;
  frames_.push_back({kind, false, stream, pending_.size(), at});
}

void ValueBuilder::close(Value::Kind kind, std::uint64_t at) {
  if (frames_.empty()) {
    throw BadHistory(at, fmt::format("the end of a {} that never began", name_of(kind)));
  }
  const Frame frame = frames_.back();
  if (frame.discard) throw BadHistory(at, "nothing follows that could be left out");
  if (frame.kind != kind) {
    throw BadHistory(
        at, fmt::format("the end of a {} inside of a {}", name_of(kind), name_of(frame.kind)));
  }
  frames_.pop_back();
  if (frame.stream) return;
  const auto items = std::span(pending_).subspan(frame.begin);
  if (kind == Value::Kind::kMap && items.size() % 2 != 0) {
    throw BadHistory(frame.at, "a map whose last key has no value");
  }
  const Value value = Value::of(kind, arena_.keep(items));
  pending_.resize(frame.begin);
  add(value, frame.at);
}

void ValueBuilder::discard_next(std::uint64_t at) {
  if (frames_.size() == kDeepest) {
    throw BadHistory(at, fmt::format("more than {} values within one another", kDeepest));
  }
  frames_.push_back({Value::Kind::kNil, true, false, pending_.size(), at});
}

void ValueBuilder::finish(std::uint64_t at) {
  if (frames_.empty()) return;
  const Frame& frame = frames_.back();
  if (frame.discard) throw BadHistory(at, "nothing follows that could be left out");
  const std::string kind(name_of(frame.kind));
  throw BadHistory(frame.at, fmt::format("this {} never ends", kind));
}

}  // namespace seedbed::history
