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

/// A set of sequences of words, compared exactly. Open addressing over an arena; the order of
/// insertion decides where things lie, but nothing can be iterated.
class SequenceSet {
 public:
  enum class Added : std::uint8_t { kNew, kOld, kFull };

  /// kFull, and not added, if the set would outgrow `max_bytes`.
  Added add(std::span<const std::uint32_t> words, std::size_t max_bytes) {
    std::uint64_t hash = words.size();
    for (const std::uint32_t w : words) hash = fold(hash + kGolden, w);
    const auto tag = static_cast<std::uint32_t>(scramble(hash) >> 32);
    if (2 * (count_ + 1) > slots_.size() && !grow(max_bytes)) return Added::kFull;
    std::size_t i = tag & (slots_.size() - 1);
    for (; slots_[i] != nullptr; i = (i + 1) & (slots_.size() - 1)) {
      const std::uint32_t* entry = slots_[i];
      if (entry[0] == tag && entry[1] == words.size() &&
          std::equal(words.begin(), words.end(), entry + kHeader)) {
        return Added::kOld;
      }
    }
    std::uint32_t* entry = allocate(words.size() + kHeader, max_bytes);
    if (entry == nullptr) return Added::kFull;
    entry[0] = tag;
    entry[1] = static_cast<std::uint32_t>(words.size());
    std::copy(words.begin(), words.end(), entry + kHeader);
    slots_[i] = entry;
    return ++count_, Added::kNew;
  }
  std::size_t size() const { return count_; }
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kHeader = 2;  // hash and length
  static constexpr std::size_t kFirstChunk = 256;
  static constexpr std::size_t kLargestChunk = std::size_t{1} << 18;

  bool grow(std::size_t max_bytes) {
    const std::size_t size = std::max<std::size_t>(64, slots_.size() * 2);
    // The old table lives until the new one is filled.
    if (bytes_ + size * sizeof(slots_[0]) > max_bytes) return false;
    bytes_ += (size - slots_.size()) * sizeof(slots_[0]);
    std::vector<const std::uint32_t*> old(size, nullptr);
    old.swap(slots_);
    for (const std::uint32_t* entry : old) {
      if (entry == nullptr) continue;
      std::size_t i = entry[0] & (size - 1);
      while (slots_[i] != nullptr) i = (i + 1) & (size - 1);
      slots_[i] = entry;
    }
    return true;
  }

  std::uint32_t* allocate(std::size_t words, std::size_t max_bytes) {
    if (words > free_) {
      chunk_words_ = std::min(kLargestChunk, chunk_words_ * 2);
      const std::size_t size = std::max(words, chunk_words_);
      if (bytes_ + size * sizeof(std::uint32_t) > max_bytes) return nullptr;
      bytes_ += size * sizeof(std::uint32_t);
      chunks_.push_back(std::make_unique<std::uint32_t[]>(size));
      next_ = chunks_.back().get();
      free_ = size;
    }
    free_ -= words;
    return std::exchange(next_, next_ + words);
  }

  std::vector<const std::uint32_t*> slots_;  // a power of two of them
  std::vector<std::unique_ptr<std::uint32_t[]>> chunks_;
  std::uint32_t* next_ = nullptr;
  std::size_t free_ = 0;
  std::size_t chunk_words_ = kFirstChunk / 2;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
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
