// A map in one sorted vector: for the few keys that a session, a client or a replica holds, which
// are looked up at every event. A key beyond the last is cheap to add; references and iterators
// last until the next change.
//
//   FlatMap<Key, Value> values;
//   values[7] = 1;
//   for (const auto& [key, value] : values) ...     // by rising key
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "sim/base/assert.h"

namespace seedbed {

template <class Key, class Value>
class FlatMap {
 public:
  using Item = std::pair<Key, Value>;
  using Iterator = typename std::vector<Item>::iterator;
  using ConstIterator = typename std::vector<Item>::const_iterator;

  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }
  Iterator begin() { return items_.begin(); }
  Iterator end() { return items_.end(); }
  ConstIterator begin() const { return items_.begin(); }
  ConstIterator end() const { return items_.end(); }

  ConstIterator find(const Key& key) const {
    const ConstIterator at = items_.begin() + place_of(key);
    return at != end() && at->first == key ? at : end();
  }
  Iterator find(const Key& key) {
    const Iterator at = items_.begin() + place_of(key);
    return at != end() && at->first == key ? at : end();
  }
  bool contains(const Key& key) const { return find(key) != end(); }
  /// Of a key that is there.
  const Value& at(const Key& key) const {
    const ConstIterator found = find(key);
    SEEDBED_ASSERT(found != end(), "no such key among {}", size());
    return found->second;
  }
  Value& at(const Key& key) { return const_cast<Value&>(std::as_const(*this).at(key)); }
  /// Makes what is missing.
  Value& operator[](const Key& key) {
    const Iterator at = items_.begin() + place_of(key);
    if (at != end() && at->first == key) return at->second;
    return items_.insert(at, Item{key, Value{}})->second;
  }
  void erase(ConstIterator at) { items_.erase(at); }
  template <class Pred>
  void erase_if(Pred pred) {
    std::erase_if(items_, pred);
  }

 private:
  std::ptrdiff_t place_of(const Key& key) const {
    if (items_.empty() || items_.back().first < key) return end() - begin();
    const auto before = [](const Item& item, const Key& k) { return item.first < k; };
    return std::lower_bound(begin(), end(), key, before) - begin();
  }

  std::vector<Item> items_;
};

}  // namespace seedbed
