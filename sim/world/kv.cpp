#include "sim/world/kv.h"

#include <fmt/format.h>

#include "sim/base/text.h"
#include "sim/world/kv_store.h"

namespace seedbed::kv {

namespace {

std::string value_text(Value value) { return value == kNil ? "nil" : std::to_string(value); }

}  // namespace

std::string brief_text(const Command& c) {
  switch (c.function) {
    case Function::kRead: return fmt::format("read k{}", c.key);
    case Function::kWrite: return fmt::format("write k{}={}", c.key, value_text(c.value));
    case Function::kCas:
      return fmt::format("cas k{} {}->{}", c.key, value_text(c.expected), value_text(c.value));
  }
  return "?";
}

std::string brief_text(const RequestId& id) {
  return fmt::format("{}#{}", to_text(id.client), id.sequence);
}

std::string brief_text(const Reply& reply) {
  std::string text = fmt::format("{} {}", brief_text(reply.id), name_of(reply.outcome));
  if (reply.outcome == Outcome::kDone || reply.outcome == Outcome::kMismatch) {
    text += " " + value_text(reply.value);
  }
  if (reply.hint) text += " to " + to_text(reply.hint);
  return text;
}

std::string brief_text(const Record& r) {
  switch (r.kind) {
    case Record::Kind::kValue: return fmt::format("k{}={}", r.key, value_text(r.value));
    case Record::Kind::kSession: return fmt::format("session {} {}", to_text(r.client), r.session);
    case Record::Kind::kAnswer: return brief_text(r.answer);
  }
  return "?";
}

}  // namespace seedbed::kv
