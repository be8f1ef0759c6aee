// Typed payloads (messages, timer tags, saved states) behind 32-bit handles. A payload is written
// once and then only read, so a broadcast is one payload with n references. Freed blocks are kept
// by size class, and the last freed is the next used: the steady state allocates nothing, and finds
// its blocks in the cache. Copying the pool copies every living payload under the same handle,
// which is what lets a whole run be copied.
//
//   PayloadPool pool;
//   Payload p = pool.make(RequestVote{...});      // one reference
//   pool.get<RequestVote>(p).term;
//   pool.retain(p); pool.release(p); pool.release(p);
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "sim/base/assert.h"
#include "sim/base/describe.h"
#include "sim/base/flip.h"
#include "sim/base/pages.h"
#include "sim/base/text.h"
#include "sim/kernel/free_list.h"
#include "sim/kernel/lookahead.h"

namespace seedbed {

struct PayloadHeader;

/// What the simulator knows of a payload's type; one constant for each type.
struct PayloadType {
  std::string_view name;
  std::uint64_t id;  // hash of the name: the same everywhere
  std::uint32_t size;
  void (*copy)(void* to, const void* from);
  void (*destroy)(void* object);  // null where there is nothing to do
  void (*text)(const void* object, std::string& out);
  /// Flips a bit, which nobody notices; false: there is none. Null: the type has a checksum.
  bool (*flip)(PayloadHeader& payload, std::uint64_t bits);
};

/// A message has a checksum unless it says `static constexpr bool kChecksum = false;`.
template <class T>
concept Unchecked = requires {
  requires !T::kChecksum;
};
template <Described T>
bool flip_payload(PayloadHeader& payload, std::uint64_t bits);
template <Described T>
consteval auto flip_function() -> bool (*)(PayloadHeader&, std::uint64_t) {
  if constexpr (Unchecked<T>) {
    return &flip_payload<T>;
  } else {
    return nullptr;
  }
}

template <Described T>
inline constexpr PayloadType kPayloadType = {
    T::kName,
    hash_text(T::kName),
    sizeof(T),
    [](void* to, const void* from) { ::new (to) T(*static_cast<const T*>(from)); },
    std::is_trivially_destructible_v<T> ? nullptr
                                        : +[](void* object) { static_cast<T*>(object)->~T(); },
    [](const void* object, std::string& out) { out += to_text(*static_cast<const T*>(object)); },
    flip_function<T>()};

/// A handle; 0 is none.
struct Payload {
  std::uint32_t value = 0;
  constexpr explicit operator bool() const { return value != 0; }
  constexpr bool operator==(const Payload&) const = default;
};

struct PayloadHeader {
  const PayloadType* type = nullptr;
  std::uint64_t digest = 0;      // of the type's name and the described fields
  std::uint32_t bytes = 0;       // on the wire
  std::uint32_t references = 0;  // 0: a free block

  const void* object() const { return this + 1; }
  void* object() { return this + 1; }
};

template <Described T>
bool flip_payload(PayloadHeader& payload, std::uint64_t bits) {
  T& object = *static_cast<T*>(payload.object());
  if (!flip_bit(object, bits)) return false;
  Digester digester(kPayloadType<T>.id);
  object.describe(digester);
  payload.digest = digester.hash();
  return true;
}

class PayloadPool {
  using Chunk = std::unique_ptr<std::byte[], FreePages>;

 public:
  PayloadPool() = default;
  PayloadPool(const PayloadPool& other);
  PayloadPool& operator=(const PayloadPool& other);
  PayloadPool(PayloadPool&&) = default;
  PayloadPool& operator=(PayloadPool&&) = default;
  ~PayloadPool();

  template <Described T>
  [[gnu::always_inline]] Payload make(T value) {
    static_assert(sizeof(T) + sizeof(PayloadHeader) <= block_size(kClasses - 1),
                  "a payload of at most 4 KiB: keep bulk in a vector");
    static_assert(alignof(T) <= 8);
    constexpr std::size_t kTotal = sizeof(T) + sizeof(PayloadHeader);
    constexpr std::size_t kClass = std::bit_width((kTotal - 1) >> kSmallestBits);
    const std::uint32_t number = allocate(kClass);
    PayloadHeader& header = *block(kClass, number);
    const T& made = *::new (header.object()) T(std::move(value));
    Digester digester(kPayloadType<T>.id);
    made.describe(digester);
    header.type = &kPayloadType<T>;
    header.digest = digester.hash();
    header.bytes = digester.bytes();
    header.references = 1;
    ++living_;
    return handle_of(kClass, number);
  }

  PayloadHeader& header(Payload p) { return *block(p); }
  const PayloadHeader& header(Payload p) const { return *block(p); }
  template <Described T>
  const T& get(Payload p) const {
    SEEDBED_ASSERT(header(p).type == &kPayloadType<T>, "a {} where a {} was expected",
                   header(p).type->name, T::kName);
    return *static_cast<const T*>(header(p).object());
  }

  void retain(Payload p, std::uint32_t more = 1) { block(p)->references += more; }
  void release(Payload p) { release(p, *block(p)); }
  /// The same of one whose header is at hand.
  [[gnu::always_inline]] void release(Payload p, PayloadHeader& h) {
    if (--h.references == 0) retire(p, h);
  }
  /// One reference to `p` becomes one to a copy of its own.
  Payload separate(Payload p);
  std::size_t living() const { return living_; }
  /// Hints that it will soon be read.
  void fetch(Payload p) const { seedbed::fetch(block(p), block_size(class_of(p))); }

 private:
  static constexpr std::size_t kClasses = 8;  // blocks of 32, 64, ..., 4096 bytes
  static constexpr std::size_t kSmallestBits = 5;
  static constexpr std::size_t block_size(std::size_t size_class) {
    return std::size_t{1} << (kSmallestBits + size_class);
  }

  /// A handle is the class and a number from 64 on. Of each class the first chunk has the blocks 64
  /// to 127, the next those to 255, and so on: the number's highest bit tells the chunk.
  static constexpr unsigned kNumberBits = 29;
  static constexpr std::uint32_t kFirst = 64;
  static constexpr std::size_t kChunks = 32;  // as many as one could name, by that bit
  struct SizeClass {
    std::array<Chunk, kNumberBits> chunks;  // by that bit
    std::uint32_t used = kFirst;            // no block from here on was ever in use
    FreeList free;
  };

  static std::size_t class_of(Payload p) { return p.value >> kNumberBits; }
  static std::uint32_t number_of(Payload p) { return p.value & ((1U << kNumberBits) - 1); }
  static Payload handle_of(std::size_t size_class, std::uint32_t number) {
    return {static_cast<std::uint32_t>(size_class << kNumberBits) | number};
  }

  PayloadHeader* block(Payload p) const { return block(class_of(p), number_of(p)); }
  PayloadHeader* block(std::size_t size_class, std::uint32_t number) const {
    const auto chunk = static_cast<std::size_t>(std::bit_width(number | kFirst)) - 1;
    const std::size_t offset = number ^ (std::size_t{1} << chunk);
    std::byte* const start = starts_[size_class * kChunks + chunk];
    return reinterpret_cast<PayloadHeader*>(start + (offset << (kSmallestBits + size_class)));
  }

  /// The number of a free block, whose header is to be filled in.
  std::uint32_t allocate(std::size_t size_class) {
    SizeClass& c = classes_[size_class];
    return c.free.empty() ? allocate_unused(size_class) : c.free.pop();
  }
  std::uint32_t allocate_unused(std::size_t size_class);
  void retire(Payload p, PayloadHeader& h) {
    if (h.type->destroy != nullptr) h.type->destroy(h.object());
    --living_;
    classes_[class_of(p)].free.push(number_of(p));
  }
  void make_chunk(std::size_t size_class, std::uint32_t first);

  std::array<SizeClass, kClasses> classes_;
  std::array<std::byte*, kClasses * kChunks> starts_{};  // of the chunks, side by side
  std::size_t living_ = 0;
};

}  // namespace seedbed
