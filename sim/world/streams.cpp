#include "sim/world/streams.h"

#include <algorithm>

#include "sim/world/world.h"

namespace seedbed {

namespace {

/// The how-manyth send of something sent again: no first send has this bit.
constexpr std::uint32_t kAgain = 1U << 31;

/// The incarnation that a message to this node will meet.
std::uint32_t life_of(const Node& n) {
  return n.incarnation + (n.state == Node::State::kUp ? 0 : 1);
}

}  // namespace

/// Sends it until it gets through: its fate when it does, or one that is lost. `key` becomes that
/// of the last try.
Fate World::persist(MessageKey& key, const PayloadType& type) const {
  const StreamConfig& config = *network_.streams();
  const auto lost = [&](const Fate& fate) {
    return fate.lost || (fate.corrupted && type.flip == nullptr);
  };
  const MessageKey first = key;
  Fate fate = network_.decide(key, type.id);
  Duration waited, timeout = config.retransmit;
  while (lost(fate) && waited < config.reset_after) {
    waited += timeout;
    timeout += timeout;
    key = {first.from, first.to, first.sent + waited, first.nth | kAgain};
    fate = network_.decide(key, type.id);
  }
  fate.lost = lost(fate);
  fate.duplicated = false;
  fate.delay += waited;
  return fate;
}

void World::send_in_stream(const Site& from, const MessageKey& key, Event arrival) {
  MessageKey last = key;
  Fate fate = persist(last, *pool_.header(arrival.payload).type);
  if (fate.corrupted && !fate.lost) arrival.payload = corrupt(key, arrival.payload, fate);
  const PayloadHeader& header = pool_.header(arrival.payload);
  messages_.lost += fate.lost ? 1 : 0;
  if (observer_.pointer != nullptr) observer_.pointer->on_send(key, header, fate, false);

  Stream& stream = streams_.of(key.from, key.to);
  const std::uint32_t from_life = life_of(from.node), to_life = life_of(node(key.to));
  if (stream.connection == 0 || stream.from_life != from_life || stream.to_life != to_life) {
    reset(stream);
    stream.from_life = from_life;
    stream.to_life = to_life;
  }
  const Time departs = now() + transmit(from, header.bytes);
  arrival.incarnation = stream.connection;
  stream.behind.push({departs + fate.delay, tie_of(last), fate.lost, arrival});
  if (!stream.under_way) move_up(stream);
}

/// The first of those that wait sets out.
void World::move_up(Stream& stream) {
  stream.under_way = !stream.behind.empty();
  if (!stream.under_way) return;
  const Stream::Item first = stream.behind.pop();
  stream.given_up = first.given_up;
  scheduler_.at(std::max(now(), first.at), first.tie, first.event);
}

/// Everything that waits is lost; what is under way will find that its connection is no more.
void World::reset(Stream& stream) {
  while (!stream.behind.empty()) {
    const Stream::Item item = stream.behind.pop();
    pool_.release(item.event.payload);
    messages_.cut += item.given_up ? 0 : 1;  // that one is counted as lost
  }
  ++stream.connection;
  stream.under_way = stream.given_up = false;
  stream.stalled_since = Time::never();
}

/// True if the message is there now; else it was lost or is sent again.
bool World::arrive_in_stream(Event event, const Node& to) {
  Stream& stream = streams_.of(event.from, event.node);
  const bool current = stream.connection == event.incarnation;
  const bool lasts = current && !stream.given_up && to.state == Node::State::kUp &&
                     stream.to_life == life_of(to) && stream.from_life == life_of(node(event.from));
  if (lasts && !network_.is_cut(event.from, event.node)) {
    stream.stalled_since = Time::never();
    move_up(stream);
    return true;
  }
  if (lasts && try_again(stream, event)) return false;
  messages_.cut += current && stream.given_up ? 0 : 1;
  pool_.release(event.payload);
  if (current) reset(stream);
  return false;
}

/// False if there were too many tries.
bool World::try_again(Stream& stream, const Event& event) {
  const StreamConfig& config = *network_.streams();
  if (stream.stalled_since == Time::never()) {
    stream.stalled_since = now();
    stream.retry = config.retransmit;
  }
  const Time end = stream.stalled_since + config.reset_after;
  if (now() >= end) return false;
  scheduler_.at(std::min(now() + stream.retry, end), 0, event);
  stream.retry += stream.retry;
  return true;
}

}  // namespace seedbed
