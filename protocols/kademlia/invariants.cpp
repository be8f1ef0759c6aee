#include "protocols/kademlia/invariants.h"

#include <algorithm>

#include "sim/base/text.h"

namespace seedbed::kademlia {

namespace {

const Bucket* bucket_with(const Node& node, NodeId contact) {
  for (const Bucket& bucket : node.table().buckets()) {
    for (const Contact& c : bucket.contacts) {
      if (c.node == contact) return &bucket;
    }
  }
  return nullptr;
}

}  // namespace

void RightBucket::after(const Servers<Node>&, NodeId n, const Node& node, Report& report) {
  const NodeId seen = node.last_seen().node;
  const Bucket* bucket = seen ? bucket_with(node, seen) : nullptr;
  if (bucket == nullptr) return;
  const Id distance = node.id() ^ node.space().id_of(seen);
  if (distance != 0 && bucket->index == bucket_of(distance)) return;
  report.fail("a contact in a wrong bucket", {n, seen},
              fmt::format("{} has {}, at a distance of {}, in bucket {}", to_text(n), to_text(seen),
                          distance, bucket->index));
}

void LeastRecentFirst::after(const Servers<Node>& servers, NodeId n, const Node& node,
                             Report& report) {
  Known& known = known_[n];
  if (known.incarnation != servers.incarnation(n)) known = {servers.incarnation(n), 0, {}};
  if (known.seen == node.last_seen().count) return;
  known.seen = node.last_seen().count;
  const NodeId last = node.last_seen().node;
  known.when[last] = known.seen;
  const Bucket* bucket = bucket_with(node, last);
  if (bucket == nullptr) return;
  std::uint64_t before = 0;
  for (const Contact& c : bucket->contacts) {
    const auto found = known.when.find(c.node);
    const std::uint64_t when = found == known.when.end() ? 0 : found->second;
    if (when < before) {
      report.fail("a bucket out of order", {n},
                  fmt::format("{} has {} in bucket {} behind one that it has seen later",
                              to_text(n), to_text(c.node), bucket->index));
    }
    before = when;
  }
  const auto last_times = std::count_if(bucket->contacts.begin(), bucket->contacts.end(),
                                        [last](const Contact& c) { return c.node == last; });
  const std::size_t size = bucket->contacts.size();
  if (size <= node.parameters().k && last_times == 1) return;
  report.fail("a bucket with too many contacts", {n},
              fmt::format("bucket {} of {} has {} contacts, and {} of them are {}", bucket->index,
                          to_text(n), size, last_times, to_text(last)));
}

void EvictedIfSilent::after(const Servers<Node>& servers, NodeId n, const Node& node,
                            Report& report) {
  Known& known = known_[n];
  const std::uint32_t incarnation = servers.incarnation(n);
  if (known.incarnation != incarnation) known = Known{incarnation, 0, 0, 0, {}, {}};
  const bool seen = std::exchange(known.seen, node.last_seen().count) != node.last_seen().count;
  const bool silent =
      std::exchange(known.silences, node.last_silent().count) != node.last_silent().count;
  if (!seen && !silent) return;
  if (silent) known.silent.insert(node.last_silent().node);
  if (std::exchange(known.changes, node.table().changes()) != node.table().changes()) {
    compare(n, node, known, report);
  }
  if (seen) known.silent.erase(node.last_seen().node);
}

void EvictedIfSilent::compare(NodeId n, const Node& node, Known& known, Report& report) {
  std::set<NodeId> contacts;
  for (const Bucket& bucket : node.table().buckets()) {
    for (const Contact& c : bucket.contacts) contacts.insert(c.node);
  }
  for (const NodeId gone : known.contacts) {
    if (contacts.contains(gone) || known.silent.contains(gone)) continue;
    report.fail(
        "a contact evicted unasked", {n, gone},
        fmt::format("{} has evicted {}, which has not been silent", to_text(n), to_text(gone)));
  }
  known.contacts = std::move(contacts);
}

void ClosestFirst::after(const Servers<Node>&, NodeId n, const Node& node, Report& report) {
  const Node::Finished& last = node.last_lookup();
  if (std::exchange(seen_[n], last.count) == last.count || last.count == 0) return;
  std::vector<std::pair<Id, Candidate>> all;
  for (const Candidate& c : last.lookup.candidates()) {
    if (c.state == Candidate::State::kSilent) continue;
    all.emplace_back(node.space().id_of(c.node) ^ last.lookup.target(), c);
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const std::vector<NodeId> result = last.lookup.closest(node.parameters().k);
  for (std::size_t i = 0; i < std::min<std::size_t>(all.size(), node.parameters().k); ++i) {
    const Candidate& c = all[i].second;
    const bool answered = c.state == Candidate::State::kAnswered;
    if (answered && i < result.size() && result[i] == c.node) continue;
    report.fail("not the closest were found", {n, c.node},
                fmt::format("{} has found {} nodes, but not {} in place {}, of which it had heard",
                            to_text(n), result.size(), to_text(c.node), i + 1));
    return;
  }
}

void Findable::at_end(const Servers<Node>& servers, Report& report) {
  constexpr std::size_t kMostKeys = 200;
  std::set<std::uint64_t> keys;
  std::vector<const Node*> living;
  for (std::uint32_t id = 1; id <= servers.count(); ++id) {
    const Node* node = servers[{id}];
    if (node == nullptr) continue;
    living.push_back(node);
    for (const auto& [key, block] : node->blocks()) {
      if (keys.size() < kMostKeys) keys.insert(key);
    }
  }
  for (const std::uint64_t key : keys) {
    const Id target = living.front()->space().id_of_key(key);
    const auto last = living.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(
                                           living.size(), living.front()->parameters().k));
    std::partial_sort(living.begin(), last, living.end(), [target](const Node* a, const Node* b) {
      return (a->id() ^ target) < (b->id() ^ target);
    });
    if (std::any_of(living.begin(), last,
                    [key](const Node* node) { return node->blocks().contains(key); })) {
      continue;
    }
    report.fail("a block where nobody looks", {},
                fmt::format("none of the nodes that are closest to key {} has its block", key));
    return;
  }
}

}  // namespace seedbed::kademlia
