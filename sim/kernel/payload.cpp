#include "sim/kernel/payload.h"

namespace seedbed {

PayloadPool::PayloadPool(const PayloadPool& other) {
  for (std::size_t c = 0; c < kClasses; ++c) {
    const SizeClass& from = other.classes_[c];
    classes_[c].used = from.used;
    for (std::uint32_t number = kFirst; number < from.used; ++number) {
      if (std::has_single_bit(number)) make_chunk(c, number);
      const Payload p = handle_of(c, number);
      const PayloadHeader& header = *other.block(p);
      PayloadHeader& copy = *::new (block(p)) PayloadHeader(header);
      if (header.references != 0) header.type->copy(copy.object(), header.object());
    }
    free_[c] = other.free_[c];  // after the chunks, each of which makes room in it
  }
}

PayloadPool& PayloadPool::operator=(const PayloadPool& other) {
  if (this != &other) {
    PayloadPool copy(other);
    std::swap(classes_, copy.classes_);
    std::swap(free_, copy.free_);
    std::swap(starts_, copy.starts_);
  }
  return *this;
}

PayloadPool::~PayloadPool() {
  for (std::size_t c = 0; c < kClasses; ++c) {
    if (classes_[c].chunks[chunk_of(handle_of(c, kFirst))] == nullptr) continue;  // or moved from
    for (std::uint32_t number = kFirst; number < classes_[c].used; ++number) {
      PayloadHeader& h = *block(handle_of(c, number));
      if (h.references != 0 && h.type->destroy != nullptr) h.type->destroy(h.object());
    }
  }
}

Payload PayloadPool::allocate_unused(std::size_t size_class) {
  SizeClass& c = classes_[size_class];
  SEEDBED_ASSERT(c.used < kMost, "more than 2^29 payloads alive");
  if (std::has_single_bit(c.used)) make_chunk(size_class, c.used);
  const Payload p = handle_of(size_class, c.used++);
  ::new (block(p)) PayloadHeader{};
  return p;
}

std::size_t PayloadPool::living() const {
  std::size_t living = 0;
  for (std::size_t c = 0; c < kClasses; ++c) living += classes_[c].used - kFirst - free_[c].size();
  return living;
}

Payload PayloadPool::separate(Payload p) {
  if (header(p).references == 1) return p;
  const Payload copy = allocate(class_of(p));
  PayloadHeader& from = *block(p);  // chunks never move
  PayloadHeader& to = *block(copy);
  to = from;
  to.references = 1;
  from.type->copy(to.object(), from.object());
  release(p);
  return copy;
}

/// The chunk whose first block has this number: of as many blocks.
void PayloadPool::make_chunk(std::size_t size_class, std::uint32_t first) {
  SizeClass& c = classes_[size_class];
  const std::uint32_t chunk = chunk_of(handle_of(size_class, first));
  const std::size_t bytes = first * block_size(size_class);
  c.chunks[chunk].reset(static_cast<std::byte*>(allocate_pages(bytes)));
  starts_[size_class * kChunks + chunk] = c.chunks[chunk].get();
  free_[size_class].make_room(2 * first - kFirst);
}

}  // namespace seedbed
