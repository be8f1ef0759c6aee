#include "protocols/kademlia/routing_table.h"

#include <algorithm>
#include <utility>

namespace seedbed::kademlia {

namespace {

auto place_in(std::vector<Contact>& contacts, NodeId node) {
  return std::find_if(contacts.begin(), contacts.end(),
                      [node](const Contact& c) { return c.node == node; });
}

/// By when they were seen.
void insert(std::vector<Contact>& contacts, const Contact& contact) {
  const auto earlier = [](const Contact& a, const Contact& b) { return a.seen < b.seen; };
  contacts.insert(std::upper_bound(contacts.begin(), contacts.end(), contact, earlier), contact);
}

}  // namespace

const Bucket* RoutingTable::bucket(std::uint32_t index) const {
  const auto found = std::lower_bound(buckets_.begin(), buckets_.end(), index,
                                      [](const Bucket& b, std::uint32_t i) { return b.index < i; });
  return found != buckets_.end() && found->index == index ? &*found : nullptr;
}

Bucket* RoutingTable::bucket(std::uint32_t index) {
  return const_cast<Bucket*>(std::as_const(*this).bucket(index));
}

Bucket& RoutingTable::make(std::uint32_t index) {
  if (Bucket* known = bucket(index)) return *known;
  const auto after = std::find_if(buckets_.begin(), buckets_.end(),
                                  [index](const Bucket& b) { return b.index > index; });
  return *buckets_.insert(after,
                          Bucket{.index = index, .looked_up = {}, .contacts = {}, .waiting = {}});
}

RoutingTable::Seen RoutingTable::see(std::uint32_t index, NodeId node, bool moves) {
  Bucket& bucket = make(index);
  const Contact contact{node, ++seen_};
  const auto known = place_in(bucket.contacts, node);
  if (known != bucket.contacts.end()) {
    known->is_silent = false;
    if (moves) {
      bucket.contacts.erase(known);
      bucket.contacts.push_back(contact);
    }
    return Seen::kKnown;
  }
  const auto waits = place_in(bucket.waiting, node);
  if (waits != bucket.waiting.end()) bucket.waiting.erase(waits);
  if (bucket.contacts.size() < k_) {
    bucket.contacts.push_back(contact);
    ++changes_;
    return Seen::kNew;
  }
  if (bucket.waiting.size() == k_) bucket.waiting.erase(bucket.waiting.begin());
  bucket.waiting.push_back(contact);
  return Seen::kFull;
}

void RoutingTable::know(std::uint32_t index, NodeId node) {
  Bucket& bucket = make(index);
  if (bucket.contacts.size() < k_) bucket.contacts.push_back({node, 0});
}

void RoutingTable::silent(std::uint32_t index, NodeId node) {
  Bucket* bucket = this->bucket(index);
  if (bucket == nullptr) return;
  const auto waits = place_in(bucket->waiting, node);
  if (waits != bucket->waiting.end()) bucket->waiting.erase(waits);
  const auto known = place_in(bucket->contacts, node);
  if (known == bucket->contacts.end()) return;
  if (bucket->waiting.empty()) {
    known->is_silent = true;
    return;
  }
  replace(*bucket, static_cast<std::size_t>(known - bucket->contacts.begin()));
}

void RoutingTable::replace(Bucket& bucket, std::size_t place) {
  ++changes_;
  bucket.contacts.erase(bucket.contacts.begin() + static_cast<std::ptrdiff_t>(place));
  insert(bucket.contacts, bucket.waiting.back());
  bucket.waiting.pop_back();
}

NodeId RoutingTable::least_recent(std::uint32_t index) const {
  const Bucket* found = bucket(index);
  return found == nullptr || found->contacts.empty() ? kNobody : found->contacts.front().node;
}

void RoutingTable::evict_least_recent(std::uint32_t index) {
  Bucket* found = bucket(index);
  if (found != nullptr && !found->waiting.empty()) replace(*found, 0);
}

std::size_t RoutingTable::size() const {
  std::size_t size = 0;
  for (const Bucket& b : buckets_) size += b.contacts.size();
  return size;
}

}  // namespace seedbed::kademlia
