// How nodes stop, pause, and come back: what chaos asks for.
#include "sim/world/context.h"
#include "sim/world/world.h"

namespace seedbed {

namespace {

constexpr std::uint64_t kTorn = hash_text("torn");

}  // namespace

void World::crash(NodeId id, Probability torn) {
  Node& n = node(id);
  if (n.state == Node::State::kUp) stop(id, n, torn);
}

void World::stop(NodeId id, Node& n, Probability torn) {
  n.state = Node::State::kDown;
  n.holds &= Node::kSlow;  // that is the machine's, not the process's
  n.wake_scheduled = false;
  while (n.has_mail()) {
    if (const Payload p = n.inbox->pop().event.payload) pool_.release(p);
  }
  for (std::size_t s = 0; s < n.services; ++s) {
    const Site at = site(id, n, ServiceId{static_cast<std::uint8_t>(s)});
    if (at.service.storage) {
      Storage& storage = *at.service.storage;
      const std::uint64_t bits = disk_draw(at, kTorn);
      if (decide(bits, torn)) storage.tear(bits);
      storage.forget([this](Payload p) { pool_.release(p); });
    }
    services_.stop(at.service);
    at.service.role = 0;
  }
  role_changes_.append({now(), id, "down", 0});
}

void World::restart(NodeId id) {
  if (node(id).state != Node::State::kDown) return;
  scheduler_.at(now(), 0, {.head = Event::Kind::kBoot, .node = id});
}

void World::kill(NodeId id) {
  crash(id, config_.disk.torn);
  node(id).state = Node::State::kGone;
}

void World::wipe(NodeId id) {
  Node& n = node(id);
  if (n.state != Node::State::kDown) return;
  for (std::size_t s = 0; s < n.services; ++s) services_[n.first_service + s].storage.reset();
}

void World::join(NodeId id) {
  Node& n = node(id);
  if (n.state != Node::State::kSpare) return;
  n.state = Node::State::kDown;
  restart(id);
}

void World::leave(NodeId id) {
  Node& n = node(id);
  if (n.state != Node::State::kUp) return;
  for (std::size_t s = 0; s < n.services && !n.is_paused(); ++s) {
    const Site at = site(id, n, ServiceId{static_cast<std::uint8_t>(s)});
    Context ctx(*this, at);
    at.service.process->leave(ctx);
  }
  stop(id, n, {});
  n.state = Node::State::kGone;
}

void World::pause(NodeId id) {
  Node& n = node(id);
  SEEDBED_ASSERT((n.holds | Node::kSlow) != 0xffff, "{} pauses of one node", 0x7fff);
  ++n.holds;
}

void World::resume(NodeId id) {
  Node& n = node(id);
  if (!n.is_paused()) return;
  --n.holds;
  if (!n.is_paused() && n.has_mail()) schedule_wake(n, id);
}

}  // namespace seedbed
