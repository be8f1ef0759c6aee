// A map in one sorted vector: for the few keys that a session, a client or a replica holds, which
// are looked up at every event. A key beyond the last is cheap to add; references and iterators
// last until the next change. Up to `Inside` items lie in the map itself, not behind a pointer.
//
//   FlatMap<Key, Value> values;
//   values[7] = 1;
//   for (const auto& [key, value] : values) ...     // by rising key
#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/assert.h"

namespace seedbed {

template <std::unsigned_integral Key, class Value, std::size_t Inside = 0>
class FlatMap {
 public:
  using Item = std::pair<Key, Value>;
  using Items = std::conditional_t<Inside == 0, std::vector<Item>,
                                   boost::container::small_vector<Item, Inside>>;
  using Iterator = typename Items::iterator;
  using ConstIterator = typename Items::const_iterator;

  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }
  Iterator begin() { return items_.begin(); }
  Iterator end() { return items_.end(); }
  ConstIterator begin() const { return items_.begin(); }
  ConstIterator end() const { return items_.end(); }

  ConstIterator find(Key key) const {
    const std::size_t at = place_of(key);
    return holds(at, key) ? begin() + static_cast<std::ptrdiff_t>(at) : end();
  }
  Iterator find(Key key) {
    const std::size_t at = place_of(key);
    return holds(at, key) ? begin() + static_cast<std::ptrdiff_t>(at) : end();
  }
  bool contains(Key key) const { return find(key) != end(); }
  /// Of a key that is there.
  const Value& at(Key key) const {
    const ConstIterator found = find(key);
    SEEDBED_ASSERT(found != end(), "no such key among {}", size());
    return found->second;
  }
  Value& at(Key key) { return const_cast<Value&>(std::as_const(*this).at(key)); }
  /// Makes what is missing.
  Value& operator[](Key key) {
    const std::size_t at = place_of(key);
    return holds(at, key) ? items_[at].second : make(at, key);
  }
  void erase(ConstIterator at) { items_.erase(at); }
  template <class Pred>
  void erase_if(Pred pred) {
    items_.erase(std::remove_if(items_.begin(), items_.end(), pred), items_.end());
  }

 private:
  /// Apart, so that finding what is there is short.
  [[gnu::noinline]] Value& make(std::size_t at, Key key) {
    return items_.insert(begin() + static_cast<std::ptrdiff_t>(at), Item{key, Value{}})->second;
  }
  bool holds(std::size_t at, Key key) const { return at < size() && items_[at].first == key; }
  /// Where the key stands, or would.
  std::size_t place_of(Key key) const {
    if (empty()) return 0;
    const std::size_t without_gaps = key - items_.front().first;
    if (holds(without_gaps, key)) return without_gaps;
    if (items_.back().first < key) return size();
    const auto before = [](const Item& item, Key k) { return item.first < k; };
    return static_cast<std::size_t>(std::lower_bound(begin(), end(), key, before) - begin());
  }

  Items items_;
};

}  // namespace seedbed
