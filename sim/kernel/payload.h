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
    const Payload p = allocate(kClass);
    PayloadHeader& header = *block(p);
    const T& made = *::new (header.object()) T(std::move(value));
    Digester digester(kPayloadType<T>.id);
    made.describe(digester);
    header.type = &kPayloadType<T>;
    header.digest = digester.hash();
    header.bytes = digester.bytes();
    header.references = 1;
    return p;
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
  /// How many there are. O(1).
  std::size_t living() const;
  /// Hints that it will soon be read.
  void fetch(Payload p) const { seedbed::fetch(block(p), block_size(class_of(p))); }

 private:
  static constexpr std::size_t kClasses = 8;  // blocks of 32, 64, ..., 4096 bytes
  static constexpr std::size_t kSmallestBits = 5;
  static constexpr std::size_t block_size(std::size_t size_class) {
    return std::size_t{1} << (kSmallestBits + size_class);
  }

  /// A handle is the class and, above it, a number from 64 on. Of each class the first chunk has
  /// the blocks 64 to 127, the next those to 255, and so on: the highest bit tells the chunk.
  static constexpr unsigned kClassBits = 3;
  static constexpr std::uint32_t kFirst = 64;
  static constexpr std::uint32_t kMost = 1U << (32 - kClassBits);
  static constexpr std::size_t kChunks = 32;  // as many as one could name, by that bit
  struct SizeClass {
    std::array<Chunk, kChunks> chunks;  // by that bit
    std::uint32_t used = kFirst;        // no block from here on was ever in use
  };

  static std::size_t class_of(Payload p) { return p.value % kClasses; }
  static Payload handle_of(std::size_t size_class, std::uint32_t number) {
    return {number << kClassBits | static_cast<std::uint32_t>(size_class)};
  }
  static std::uint32_t chunk_of(Payload p) {
    return 31 ^ static_cast<std::uint32_t>(std::countl_zero(p.value));  // one instruction
  }

  PayloadHeader* block(Payload p) const {
    const std::uint32_t chunk = chunk_of(p);
    const std::size_t offset = (p.value ^ 1U << chunk) >> kClassBits;
    std::byte* const start = starts_[class_of(p) * kChunks + chunk];
    return reinterpret_cast<PayloadHeader*>(start + (offset << (kSmallestBits + class_of(p))));
  }

  /// A free block, whose header is to be filled in.
  Payload allocate(std::size_t size_class) {
    FreeList& free = free_[size_class];
    return free.empty() ? allocate_unused(size_class) : Payload{free.pop()};
  }
  Payload allocate_unused(std::size_t size_class);
  void retire(Payload p, PayloadHeader& h) {
    if (h.type->destroy != nullptr) h.type->destroy(h.object());
    free_[class_of(p)].push(p.value);
  }
  void make_chunk(std::size_t size_class, std::uint32_t first);

  std::array<FreeList, kClasses> free_;
  std::array<SizeClass, kClasses> classes_;
  std::array<std::byte*, kClasses * kChunks> starts_{};  // of the chunks, side by side
};

}  // namespace seedbed
