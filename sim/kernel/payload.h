// Typed payloads (messages, timer tags, saved states) behind 32-bit handles. A payload is written
// once and then only read, so a broadcast is one payload with n references. Freed blocks are kept
// by size class: the steady state allocates nothing. Copying the pool copies every living payload
// under the same handle, which is what lets a whole run be copied.
//
//   PayloadPool pool;
//   Payload p = pool.make(RequestVote{...});      // one reference
//   pool.get<RequestVote>(p).term;
//   pool.retain(p); pool.release(p); pool.release(p);
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/assert.h"
#include "sim/base/describe.h"
#include "sim/base/text.h"

namespace seedbed {

/// What the simulator knows of a payload's type; one constant for each type.
struct PayloadType {
  std::string_view name;
  std::uint64_t id;  // hash of the name: the same everywhere
  std::uint32_t size;
  void (*copy)(void* to, const void* from);
  void (*destroy)(void* object);
  void (*text)(const void* object, std::string& out);
};

template <Described T>
inline constexpr PayloadType kPayloadType = {
    T::kName,
    hash_text(T::kName),
    sizeof(T),
    [](void* to, const void* from) { ::new (to) T(*static_cast<const T*>(from)); },
    [](void* object) { static_cast<T*>(object)->~T(); },
    [](const void* object, std::string& out) { out += to_text(*static_cast<const T*>(object)); }};

/// A handle; 0 is none.
struct Payload {
  std::uint32_t value = 0;
  constexpr explicit operator bool() const { return value != 0; }
  constexpr bool operator==(const Payload&) const = default;
};

struct PayloadHeader {
  const PayloadType* type = nullptr;
  std::uint64_t digest = 0;  // of the type's name and the described fields
  std::uint32_t bytes = 0;   // on the wire
  std::uint32_t references = 0;

  const void* object() const { return this + 1; }
  void* object() { return this + 1; }
};

class PayloadPool {
 public:
  PayloadPool() = default;
  PayloadPool(const PayloadPool& other);
  PayloadPool& operator=(const PayloadPool& other);
  PayloadPool(PayloadPool&&) = default;
  PayloadPool& operator=(PayloadPool&&) = default;
  ~PayloadPool();

  template <Described T>
  Payload make(T value) {
    static_assert(sizeof(T) + sizeof(PayloadHeader) <= block_size(kClasses - 1),
                  "a payload of at most 4 KiB: keep bulk in a vector");
    static_assert(alignof(T) <= 8);
    const auto [handle, header] = allocate(sizeof(T));
    Digester digester(kPayloadType<T>.id);
    value.describe(digester);
    header->type = &kPayloadType<T>;
    header->digest = digester.hash();
    header->bytes = digester.bytes();
    header->references = 1;
    ::new (header->object()) T(std::move(value));
    ++living_;
    return handle;
  }

  const PayloadHeader& header(Payload p) const {
    return const_cast<PayloadPool*>(this)->mutable_header(p);
  }
  template <Described T>
  const T& get(Payload p) const {
    SEEDBED_ASSERT(header(p).type == &kPayloadType<T>, "a {} where a {} was expected",
                   header(p).type->name, T::kName);
    return *static_cast<const T*>(header(p).object());
  }

  void retain(Payload p, std::uint32_t more = 1) { mutable_header(p).references += more; }
  void release(Payload p) {
    PayloadHeader& h = mutable_header(p);
    if (--h.references == 0) retire(p, h);
  }
  std::size_t living() const { return living_; }

 private:
  static constexpr std::size_t kClasses = 7;       // blocks of 64, 128, ..., 4096 bytes
  static constexpr std::uint32_t kIndexBits = 29;  // 3 bits of class above the index
  static constexpr std::uint32_t kBlocksInChunk = 64;
  static constexpr std::size_t block_size(std::size_t size_class) {
    return std::size_t{64} << size_class;
  }

  struct SizeClass {
    std::vector<std::unique_ptr<std::byte[]>> chunks;
    std::vector<std::uint32_t> free;
  };

  std::pair<Payload, PayloadHeader*> allocate(std::size_t size);
  void grow(std::size_t size_class);
  void retire(Payload p, PayloadHeader& h);
  PayloadHeader* block(std::size_t size_class, std::uint32_t index) const {
    std::byte* chunk = classes_[size_class].chunks[index / kBlocksInChunk].get();
    return reinterpret_cast<PayloadHeader*>(chunk +
                                            (index % kBlocksInChunk) * block_size(size_class));
  }
  PayloadHeader& mutable_header(Payload p) {
    const std::uint32_t index = (p.value & ((1U << kIndexBits) - 1)) - 1;
    return *block(p.value >> kIndexBits, index);
  }

  std::array<SizeClass, kClasses> classes_;
  std::size_t living_ = 0;
};

}  // namespace seedbed
