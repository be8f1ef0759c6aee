#include "sim/kernel/payload.h"

namespace seedbed {

PayloadPool::PayloadPool(const PayloadPool& other) : living_(other.living_) {
  for (std::size_t c = 0; c < kClasses; ++c) {
    const SizeClass& from = other.classes_[c];
    classes_[c].used = from.used;
    classes_[c].free = from.free;
    for (std::uint32_t number = kFirst; number < from.used; ++number) {
      const Payload p = handle_of(c, number);
      if (std::has_single_bit(number)) make_chunk(p);
      const PayloadHeader& header = *other.block(p);
      PayloadHeader& copy = *::new (block(p)) PayloadHeader(header);
      if (header.references != 0) header.type->copy(copy.object(), header.object());
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
    if (classes_[c].chunks[std::bit_width(kFirst) - 1] == nullptr) continue;  // or moved from
    for (std::uint32_t number = kFirst; number < classes_[c].used; ++number) {
      PayloadHeader& h = *block(handle_of(c, number));
      if (h.references != 0 && h.type->destroy != nullptr) h.type->destroy(h.object());
    }
  }
}

Payload PayloadPool::allocate_unused(std::size_t size_class) {
  SizeClass& c = classes_[size_class];
  SEEDBED_ASSERT(number_of({c.used}) == c.used, "more than 2^29 payloads alive");
  const Payload p = handle_of(size_class, c.used);
  if (std::has_single_bit(c.used)) make_chunk(p);
  ::new (block(p)) PayloadHeader{};
  ++c.used;
  return p;
}

Payload PayloadPool::separate(Payload p) {
  if (header(p).references == 1) return p;
  const Payload copy = allocate(class_of(p));
  PayloadHeader& from = *block(p);  // chunks never move
  PayloadHeader& to = *block(copy);
  to = from;
  to.references = 1;
  from.type->copy(to.object(), from.object());
  ++living_;
  release(p);
  return copy;
}

/// The chunk whose first block this is.
void PayloadPool::make_chunk(Payload first) {
  const std::uint32_t blocks = number_of(first);
  const auto chunk = static_cast<unsigned>(std::bit_width(blocks)) - 1;
  const std::size_t bytes = blocks * block_size(class_of(first));
  classes_[class_of(first)].chunks[chunk].reset(static_cast<std::byte*>(allocate_pages(bytes)));
  classes_[class_of(first)].free.reserve(2 * blocks - kFirst);  // freeing never allocates
}

}  // namespace seedbed
