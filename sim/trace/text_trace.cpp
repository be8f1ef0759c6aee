#include "sim/trace/text_trace.h"

#include "sim/base/text.h"

namespace seedbed {

std::string TextTrace::name(NodeId n) const {
  if (!n) return "-";
  return n.value <= servers_ ? fmt::format("n{}", n.value) : fmt::format("c{}", n.value - servers_);
}

void TextTrace::on_send(const MessageKey& key, const PayloadHeader& message, const Fate& fate,
                        bool cut) {
  line_ = fmt::format("  {}  {} -> {}  ", to_text(key.sent), name(key.from), name(key.to));
  message.type->text(message.object(), line_);
  if (cut) {
    line_ += "  cut";
  } else if (fate.lost) {
    line_ += "  lost";
  } else {
    line_ += "  " + to_text(fate.delay);
    if (fate.duplicated) line_ += " and again " + to_text(fate.duplicate_delay);
  }
  line_ += '\n';
  sink_(line_);
}

void TextTrace::on_event(std::uint64_t number, Time now, const Event& event,
                         const PayloadHeader* payload, std::uint64_t digest) {
  line_ =
      fmt::format("#{}  {}  {}  {}", number, to_text(now), name(event.node), name_of(event.kind()));
  if (payload != nullptr) {
    line_ += "  ";
    payload->type->text(payload->object(), line_);
  }
  if (event.kind() == Event::Kind::kMessage) line_ += "  from " + name(event.from);
  line_ += fmt::format("  digest={:016x}\n", digest);
  sink_(line_);
}

}  // namespace seedbed
