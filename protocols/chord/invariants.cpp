#include "protocols/chord/invariants.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/base/text.h"

namespace seedbed::chord {

namespace {

bool is_there(const Servers<Node>& servers, NodeId n) {
  const Node* process = servers[n];
  return process != nullptr && process->is_member();
}

/// In the original a list that is not full has come round to the node itself.
bool ends_at_self(const Node& node) {
  const Parameters& p = node.parameters();
  return node.successors().empty() || (!p.corrected && node.successors().size() < p.successors);
}

bool has_living(const Servers<Node>& servers, const Node& node) {
  const std::vector<NodeId>& list = node.successors();
  return ends_at_self(node) ||
         std::any_of(list.begin(), list.end(), [&](NodeId n) { return is_there(servers, n); });
}

/// Follows the pointers of each member once around; the functional graph's cycles are the rings.
void find_rings(Picture& picture) {
  const std::size_t count = picture.members.size();
  picture.on_ring.assign(count, false);
  picture.leads.assign(count, false);
  std::vector<std::size_t> walk(count, Picture::kNone);  // in which walk it was met
  for (std::size_t start = 0; start < count; ++start) {
    std::size_t at = start;
    while (at != Picture::kNone && walk[at] == Picture::kNone) {
      walk[at] = start;
      at = picture.best[at];
    }
    if (at == Picture::kNone) continue;
    const bool closed = walk[at] == start;  // this walk has met itself: a new ring
    if (closed) {
      ++picture.rings;
      for (std::size_t i = at; !picture.on_ring[i]; i = picture.best[i]) picture.on_ring[i] = true;
    }
    if (!closed && !picture.leads[at]) continue;
    for (std::size_t i = start; i != Picture::kNone && !picture.leads[i]; i = picture.best[i]) {
      picture.leads[i] = true;
    }
  }
}

std::string text_of(const Picture& picture, std::size_t i) {
  const Node& node = *picture.members[i];
  if (picture.best[i] == Picture::kNone) return fmt::format("{} -> nobody", to_text(node.self()));
  return fmt::format("{} -> {}", to_text(node.self()),
                     to_text(picture.members[picture.best[i]]->self()));
}

std::vector<NodeId> who(NodeId n) { return n ? std::vector{n} : std::vector<NodeId>{}; }

/// "n1 -> n3, n2 -> n3, ...", clockwise.
std::string text_of(const Picture& picture) {
  constexpr std::size_t kMost = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(picture.members.size(), kMost); ++i) {
    text += (i == 0 ? "" : ", ") + text_of(picture, i);
  }
  return picture.members.size() > kMost ? text + ", ..." : text;
}

}  // namespace

Picture picture_of(const Servers<Node>& servers) {
  Picture picture;
  std::vector<std::size_t> position(servers.count() + 1, Picture::kNone);
  for (std::uint32_t n = 1; n <= servers.count(); ++n) {
    if (is_there(servers, {n})) picture.members.push_back(servers[NodeId{n}]);
  }
  std::sort(picture.members.begin(), picture.members.end(),
            [](const Node* a, const Node* b) { return a->id() < b->id(); });
  for (std::size_t i = 0; i < picture.members.size(); ++i) {
    position[picture.members[i]->self().value] = i;
  }
  for (std::size_t i = 0; i < picture.members.size(); ++i) {
    const std::vector<NodeId>& list = picture.members[i]->successors();
    std::size_t best = Picture::kNone;
    for (auto n = list.begin(); n != list.end() && best == Picture::kNone; ++n) {
      best = position[n->value];
    }
    if (best == Picture::kNone && ends_at_self(*picture.members[i])) best = i;
    picture.best.push_back(best);
  }
  find_rings(picture);
  return picture;
}

bool Assumptions::base_is_there(const Servers<Node>& servers, const Node& s) const {
  for (std::uint32_t n = 1; n <= s.ring().base(); ++n) {
    if (!is_there(servers, {n})) return false;
  }
  return true;
}

bool Assumptions::hold(const Servers<Node>& servers, NodeId n, const Node& s) {
  Seen& seen = changes_[n];
  if (!seen.booted && s.ring().is_founder(n)) ++booted_;
  seen.booted_at = s.booted_at();
  seen.changes = s.changes();
  seen.booted = true;
  if (booted_ < s.ring().size()) return false;
  bool holds = base_is_there(servers, s);
  for (std::uint32_t m = 1; m <= servers.count() && holds; ++m) {
    if (!is_there(servers, {m})) continue;
    holds = has_living(servers, *servers[NodeId{m}]);
  }
  broken_ |= !holds && s.ring().base() == 0;
  return holds && !broken_;
}

bool Assumptions::held(const Servers<Node>& servers) const {
  for (std::uint32_t n = 1; n <= servers.count(); ++n) {
    const Node* process = servers[NodeId{n}];
    if (process != nullptr) return !broken_ && base_is_there(servers, *process);
  }
  return false;
}

void AtLeastOne::judge(const Picture& picture, NodeId n, Report& report) {
  if (picture.rings > 0 || picture.members.empty()) return;
  report.fail("no ring", who(n), fmt::format("there is no ring: {}", text_of(picture)));
}

void AtMostOne::judge(const Picture& picture, NodeId n, Report& report) {
  if (picture.rings <= 1) return;
  report.fail("several rings", who(n),
              fmt::format("there are {} rings: {}", picture.rings, text_of(picture)));
}

/// A step back is the way past identifier 0: an ordered ring has one.
void Ordered::judge(const Picture& picture, NodeId n, Report& report) {
  if (picture.rings != 1) return;
  std::size_t steps_back = 0;
  for (std::size_t i = 0; i < picture.members.size(); ++i) {
    if (picture.on_ring[i] && picture.best[i] <= i) ++steps_back;
  }
  if (steps_back <= 1) return;
  report.fail("a ring that is not in order", who(n),
              fmt::format("the ring goes {} times around: {}", steps_back, text_of(picture)));
}

void Connected::judge(const Picture& picture, NodeId n, Report& report) {
  if (picture.rings == 0) return;
  for (std::size_t i = 0; i < picture.members.size(); ++i) {
    if (picture.leads[i]) continue;
    report.fail("a member that leads to no ring", who(n),
                fmt::format("{} leads to no ring: {}", to_text(picture.members[i]->self()),
                            text_of(picture)));
    return;
  }
}

void IdealRing::at_end(const Servers<Node>& servers, Report& report) {
  if (!assumptions_.held(servers)) return;
  for (std::uint32_t n = 1; n <= servers.count(); ++n) {
    const Node* process = servers[NodeId{n}];
    if (process == nullptr || process->is_member()) continue;
    report.fail("a node has not joined", {NodeId{n}},
                fmt::format("{} is up, and no member of the ring", to_text(NodeId{n})));
    return;
  }
  const Picture picture = picture_of(servers);
  const std::size_t count = picture.members.size();
  for (std::size_t i = 0; i < count; ++i) {
    const Node& node = *picture.members[i];
    const NodeId next = picture.members[(i + 1) % count]->self();
    const NodeId first = node.successors().empty() ? node.self() : node.successors().front();
    const NodeId before = picture.members[(i + count - 1) % count]->self();
    const bool alone = count == 1;
    if (first == next && (alone || node.predecessor() == before)) continue;
    report.fail("the ring has not become ideal", {node.self()},
                fmt::format("{} comes after {} and before {}, and has for its successor {} and for "
                            "its predecessor {}",
                            to_text(node.self()), to_text(before), to_text(next), to_text(first),
                            to_text(node.predecessor())));
    return;
  }
}

}  // namespace seedbed::chord
