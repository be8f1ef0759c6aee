// Numbers distinct names from 0, in the order in which they come: keys, and values within a key.
//
//   Names names;
//   const std::uint32_t id = names.id_of(key, "17");   // the same (scope, text), the same number
//   names.text(id) == "17"; names.scope(id) == key;
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/hash.h"

namespace seedbed::txn {

class Names {
 public:
  std::uint32_t id_of(std::uint32_t scope, std::string_view text) {
    if (2 * (scopes_.size() + 1) > slots_.size()) grow();
    std::uint32_t& slot = slots_[slot_of(scope, text)];
    if (slot == kFree) {
      slot = static_cast<std::uint32_t>(scopes_.size());
      scopes_.push_back(scope);
      text_.append(text);
      ends_.push_back(text_.size());
    }
    return slot;
  }
  std::optional<std::uint32_t> find(std::uint32_t scope, std::string_view text) const {
    if (slots_.empty()) return std::nullopt;
    const std::uint32_t id = slots_[slot_of(scope, text)];
    return id == kFree ? std::nullopt : std::optional(id);
  }
  std::size_t size() const { return scopes_.size(); }
  std::uint32_t scope(std::uint32_t id) const { return scopes_[id]; }
  std::string_view text(std::uint32_t id) const {
    const std::size_t begin = id == 0 ? 0 : ends_[id - 1];
    return std::string_view(text_).substr(begin, ends_[id] - begin);
  }

 private:
  static constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();

  std::size_t slot_of(std::uint32_t scope, std::string_view name) const {
    std::size_t i = hash_of(hash_text(name), scope) & (slots_.size() - 1);
    while (slots_[i] != kFree && (scopes_[slots_[i]] != scope || text(slots_[i]) != name)) {
      i = (i + 1) & (slots_.size() - 1);
    }
    return i;
  }
  void grow() {
    slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, kFree);
    for (std::uint32_t id = 0; id < scopes_.size(); ++id) {
      slots_[slot_of(scopes_[id], text(id))] = id;
    }
  }

  std::string text_;
  std::vector<std::size_t> ends_;
  std::vector<std::uint32_t> scopes_;
  std::vector<std::uint32_t> slots_;  // a power of two of them
};

}  // namespace seedbed::txn
