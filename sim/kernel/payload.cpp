#include "sim/kernel/payload.h"

#include <bit>

namespace seedbed {

PayloadPool::PayloadPool(const PayloadPool& other) : living_(other.living_) {
  for (std::size_t c = 0; c < kClasses; ++c) {
    classes_[c].free = other.classes_[c].free;
    const auto chunks = other.classes_[c].chunks.size();
    for (std::size_t i = 0; i < chunks; ++i) {
      classes_[c].chunks.push_back(std::make_unique<std::byte[]>(kBlocksInChunk * block_size(c)));
      for (std::uint32_t b = 0; b < kBlocksInChunk; ++b) {
        const auto index = static_cast<std::uint32_t>(i) * kBlocksInChunk + b;
        const PayloadHeader& from = *other.block(c, index);
        PayloadHeader& to = *::new (block(c, index)) PayloadHeader(from);
        if (from.references != 0) from.type->copy(to.object(), from.object());
      }
    }
  }
}

PayloadPool& PayloadPool::operator=(const PayloadPool& other) {
  if (this != &other) {
    PayloadPool copy(other);
    std::swap(classes_, copy.classes_);
    std::swap(living_, copy.living_);
  }
  return *this;
}

PayloadPool::~PayloadPool() {
  for (std::size_t c = 0; c < kClasses; ++c) {
    const auto blocks = static_cast<std::uint32_t>(classes_[c].chunks.size()) * kBlocksInChunk;
    for (std::uint32_t i = 0; i < blocks; ++i) {
      PayloadHeader& h = *block(c, i);
      if (h.references != 0) h.type->destroy(h.object());
    }
  }
}

std::pair<Payload, PayloadHeader*> PayloadPool::allocate(std::size_t size) {
  const std::size_t total = std::max<std::size_t>(size + sizeof(PayloadHeader), 64);
  const auto size_class = static_cast<std::size_t>(std::bit_width((total - 1) >> 6));
  SizeClass& pool = classes_[size_class];
  if (pool.free.empty()) grow(size_class);
  const std::uint32_t index = pool.free.back();
  pool.free.pop_back();
  return {Payload{static_cast<std::uint32_t>(size_class) << kIndexBits | (index + 1)},
          block(size_class, index)};
}

void PayloadPool::grow(std::size_t size_class) {
  SizeClass& pool = classes_[size_class];
  const auto first = static_cast<std::uint32_t>(pool.chunks.size()) * kBlocksInChunk;
  SEEDBED_ASSERT(first + kBlocksInChunk < (1U << kIndexBits), "more than 2^29 payloads alive");
  pool.chunks.push_back(std::make_unique<std::byte[]>(kBlocksInChunk * block_size(size_class)));
  for (std::uint32_t b = kBlocksInChunk; b-- > 0;) {
    ::new (block(size_class, first + b)) PayloadHeader{};
    pool.free.push_back(first + b);
  }
}

void PayloadPool::retire(Payload p, PayloadHeader& h) {
  h.type->destroy(h.object());
  --living_;
  classes_[p.value >> kIndexBits].free.push_back((p.value & ((1U << kIndexBits) - 1)) - 1);
}

}  // namespace seedbed
