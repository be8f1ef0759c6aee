#include "sim/kernel/payload.h"

namespace seedbed {

PayloadPool::PayloadPool(const PayloadPool& other) : living_(other.living_) {
  for (std::size_t c = 0; c < kClasses; ++c) {
    const SizeClass& from = other.classes_[c];
    classes_[c].used = from.used;
    for (std::uint32_t number = kFirst; number < from.used; ++number) {
      if (std::has_single_bit(number)) make_chunk(c, number);
      const PayloadHeader& header = *other.block(c, number);
      PayloadHeader& copy = *::new (block(c, number)) PayloadHeader(header);
      if (header.references != 0) header.type->copy(copy.object(), header.object());
    }
    classes_[c].free = from.free;  // after the chunks, each of which makes room in it
  }
}

PayloadPool& PayloadPool::operator=(const PayloadPool& other) {
  if (this != &other) {
    PayloadPool copy(other);
    std::swap(classes_, copy.classes_);
    std::swap(starts_, copy.starts_);
    std::swap(living_, copy.living_);
  }
  return *this;
}

PayloadPool::~PayloadPool() {
  for (std::size_t c = 0; c < kClasses; ++c) {
    if (classes_[c].chunks[std::bit_width(kFirst) - 1] == nullptr) continue;  // or moved from
    for (std::uint32_t number = kFirst; number < classes_[c].used; ++number) {
      PayloadHeader& h = *block(c, number);
      if (h.references != 0 && h.type->destroy != nullptr) h.type->destroy(h.object());
    }
  }
}

std::uint32_t PayloadPool::allocate_unused(std::size_t size_class) {
  SizeClass& c = classes_[size_class];
  SEEDBED_ASSERT(number_of({c.used}) == c.used, "more than 2^29 payloads alive");
  if (std::has_single_bit(c.used)) make_chunk(size_class, c.used);
  ::new (block(size_class, c.used)) PayloadHeader{};
  return c.used++;
}

Payload PayloadPool::separate(Payload p) {
  if (header(p).references == 1) return p;
  const Payload copy = handle_of(class_of(p), allocate(class_of(p)));
  PayloadHeader& from = *block(p);  // chunks never move
  PayloadHeader& to = *block(copy);
  to = from;
  to.references = 1;
  from.type->copy(to.object(), from.object());
  ++living_;
  release(p);
  return copy;
}

/// The chunk whose first block has this number: of as many blocks.
void PayloadPool::make_chunk(std::size_t size_class, std::uint32_t first) {
  SizeClass& c = classes_[size_class];
  const auto chunk = static_cast<std::size_t>(std::bit_width(first)) - 1;
  const std::size_t bytes = first * block_size(size_class);
  c.chunks[chunk].reset(static_cast<std::byte*>(allocate_pages(bytes)));
  starts_[size_class * kChunks + chunk] = c.chunks[chunk].get();
  c.free.make_room(2 * first - kFirst);
}

}  // namespace seedbed
