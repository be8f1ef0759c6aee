// What a linearizability search remembers: the configurations it has seen, as sequences of words,
// and the states in them, which it numbers. Both compare exactly: a hash decides nothing.
//
//   StateTable<Model> states;
//   SequenceSet seen;
//   const std::uint32_t id = states.id_of(model, state);
//   if (seen.add({&id, 1}, budget.bytes) == SequenceSet::Added::kOld) return;
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/hash.h"
#include "sim/check/linearizability.h"

namespace seedbed::detail {

/// Words in blocks that never move, each known by its place, a 32-bit number. What is stored in one
/// go lies in one piece.
class WordArena {
 public:
  using Place = std::uint32_t;
  static constexpr Place kNowhere = ~Place{0};

  const std::uint32_t* at(Place place) const {
    return blocks_[place >> kBits] + (place & (kBlock - 1));
  }
  std::uint32_t* at(Place place) { return blocks_[place >> kBits] + (place & (kBlock - 1)); }
  std::size_t bytes() const { return bytes_; }

  /// kNowhere if there would be more than `max_bytes`, or more places than numbers.
  Place allocate(std::size_t words, std::size_t max_bytes) {
    if (words > free_ && !extend(words, max_bytes)) return kNowhere;
    free_ -= words;
    return std::exchange(next_, next_ + static_cast<Place>(words));
  }

 private:
  static constexpr std::uint32_t kBits = 16;
  static constexpr std::size_t kBlock = std::size_t{1} << kBits;
  static constexpr std::size_t kFirst = 256;

  bool extend(std::size_t words, std::size_t max_bytes) {
    if (blocks_.size() <= 1 && next_ + words <= kBlock) return widen(words, max_bytes);
    const std::size_t blocks = (words + kBlock - 1) / kBlock;
    if ((blocks_.size() + blocks) * kBlock >= kNowhere) return false;
    if (bytes_ + blocks * kBlock * sizeof(std::uint32_t) > max_bytes) return false;
    bytes_ += blocks * kBlock * sizeof(std::uint32_t);
    owned_.push_back(std::make_unique<std::uint32_t[]>(blocks * kBlock));
    next_ = static_cast<Place>(blocks_.size() * kBlock);
    for (std::size_t i = 0; i < blocks; ++i) blocks_.push_back(owned_.back().get() + i * kBlock);
    free_ = blocks * kBlock;
    return true;
  }
  /// The first block begins small and doubles, because most searches are small.
  bool widen(std::size_t words, std::size_t max_bytes) {
    std::size_t size = std::max(kFirst, first_size_);
    while (size < next_ + words) size *= 2;
    if (size * sizeof(std::uint32_t) > max_bytes) return false;
    auto wider = std::make_unique<std::uint32_t[]>(size);
    if (!blocks_.empty()) std::copy_n(blocks_[0], next_, wider.get());
    blocks_.assign(1, wider.get());
    owned_.clear();
    owned_.push_back(std::move(wider));
    first_size_ = size;
    bytes_ = size * sizeof(std::uint32_t);
    free_ = size - next_;
    return true;
  }

  std::vector<std::uint32_t*> blocks_;  // where each begins
  std::vector<std::unique_ptr<std::uint32_t[]>> owned_;
  Place next_ = 0;
  std::size_t free_ = 0;
  std::size_t first_size_ = 0;
  std::size_t bytes_ = 0;
};

/// A set of sequences of words, compared exactly. Open addressing over an arena; the order of
/// insertion decides where things lie, but nothing can be iterated.
class SequenceSet {
 public:
  enum class Added : std::uint8_t { kNew, kOld, kFull };

  /// kFull, and not added, if the set would outgrow `max_bytes`.
  Added add(std::span<const std::uint32_t> words, std::size_t max_bytes) {
    if (4 * (count_ + 1) > 3 * slots_.size() && !grow(max_bytes)) return Added::kFull;
    const std::uint64_t hash = hash_of(words);
    const std::uint32_t head = head_of(hash, words.size());
    std::size_t i = hash & (slots_.size() - 1);
    for (; slots_[i] != WordArena::kNowhere; i = (i + 1) & (slots_.size() - 1)) {
      const std::uint32_t* entry = arena_.at(slots_[i]);
      if (entry[0] == head && std::ranges::equal(words, body_of(entry))) return Added::kOld;
    }
    const std::size_t taken = slots_.size() * sizeof(slots_[0]);
    const bool is_long = words.size() >= kLong;
    const auto place = arena_.allocate(words.size() + (is_long ? 2 : 1),
                                       max_bytes > taken ? max_bytes - taken : 0);
    if (place == WordArena::kNowhere) return Added::kFull;
    std::uint32_t* entry = arena_.at(place);
    *entry++ = head;
    if (is_long) *entry++ = static_cast<std::uint32_t>(words.size());
    std::copy(words.begin(), words.end(), entry);
    slots_[i] = place;
    return ++count_, Added::kNew;
  }
  std::size_t size() const { return count_; }
  std::size_t bytes() const { return arena_.bytes() + slots_.size() * sizeof(slots_[0]); }

 private:
  // An entry is a word of hash and length, the length again where it is kLong or more, the words.
  static constexpr std::uint32_t kLengthBits = 8;
  static constexpr std::size_t kLong = (std::size_t{1} << kLengthBits) - 1;

  static std::uint64_t hash_of(std::span<const std::uint32_t> words) {
    std::uint64_t hash = words.size();
    for (const std::uint32_t w : words) hash = fold(hash + kGolden, w);
    return scramble(hash);
  }
  static std::uint32_t head_of(std::uint64_t hash, std::size_t length) {
    const auto high = static_cast<std::uint32_t>(hash >> 32);
    return (high << kLengthBits) | static_cast<std::uint32_t>(std::min(length, kLong));
  }
  static std::span<const std::uint32_t> body_of(const std::uint32_t* entry) {
    const std::size_t length = entry[0] & kLong;
    return length < kLong ? std::span(entry + 1, length) : std::span(entry + 2, entry[1]);
  }

  bool grow(std::size_t max_bytes) {
    const std::size_t size = std::max<std::size_t>(64, slots_.size() * 2);
    // The old table lives until the new one is filled.
    if (bytes() + size * sizeof(slots_[0]) > max_bytes) return false;
    std::vector<WordArena::Place> old(size, WordArena::kNowhere);
    old.swap(slots_);
    for (const WordArena::Place place : old) {
      if (place == WordArena::kNowhere) continue;
      std::size_t i = hash_of(body_of(arena_.at(place))) & (size - 1);
      while (slots_[i] != WordArena::kNowhere) i = (i + 1) & (size - 1);
      slots_[i] = place;
    }
    return true;
  }

  WordArena arena_;
  std::vector<WordArena::Place> slots_;  // a power of two of them
  std::size_t count_ = 0;
};

/// Numbers as few bytes, low ones first, seven bits in each (LEB128), in whole words. Zeros fill
/// the last word: what is packed must not differ from something else by zeros at its end.
class PackedRecord {
 public:
  void clear() {
    words_.clear();
    bits_ = kFull;
  }
  void add(std::uint32_t number) {
    for (; number >= 0x80; number >>= 7) add_byte((number & 0x7f) | 0x80);
    add_byte(number);
  }
  std::span<const std::uint32_t> words() const { return words_; }

 private:
  static constexpr std::uint32_t kFull = 32;

  void add_byte(std::uint32_t byte) {
    if (bits_ == kFull) {
      words_.push_back(0);
      bits_ = 0;
    }
    words_.back() |= byte << bits_;
    bits_ += 8;
  }

  std::vector<std::uint32_t> words_;
  std::uint32_t bits_ = kFull;  // used in the last word
};

/// Numbers distinct states from 0, in the order in which they come.
template <LinearizableModel Model>
class StateTable {
 public:
  using State = typename Model::State;

  std::uint32_t id_of(const Model& model, const State& state) {
    if (2 * (states_.size() + 1) > slots_.size()) grow(model);
    std::size_t i = scramble(model.hash(state)) & (slots_.size() - 1);
    for (; slots_[i] != kFree; i = (i + 1) & (slots_.size() - 1)) {
      if (states_[slots_[i]] == state) return slots_[i];
    }
    slots_[i] = static_cast<std::uint32_t>(states_.size());
    states_.push_back(state);
    if constexpr (requires { state.size(); }) {
      beyond_ += state.size() * sizeof(typename State::value_type);
    }
    return slots_[i];
  }
  const State& operator[](std::uint32_t id) const { return states_[id]; }
  std::size_t size() const { return states_.size(); }
  std::size_t bytes() const {
    return states_.size() * sizeof(State) + slots_.size() * sizeof(slots_[0]) + beyond_;
  }

 private:
  static constexpr std::uint32_t kFree = ~std::uint32_t{0};

  void grow(const Model& model) {
    slots_.assign(std::max<std::size_t>(64, slots_.size() * 2), kFree);
    for (std::uint32_t id = 0; id < states_.size(); ++id) {
      std::size_t i = scramble(model.hash(states_[id])) & (slots_.size() - 1);
      while (slots_[i] != kFree) i = (i + 1) & (slots_.size() - 1);
      slots_[i] = id;
    }
  }

  std::vector<State> states_;
  std::vector<std::uint32_t> slots_;
  std::size_t beyond_ = 0;  // what states that are sequences hold
};

}  // namespace seedbed::detail
