// A pointer to what several own: std::shared_ptr for one thread, whose count is a plain number. A
// simulation has no other thread.
//
//   Shared<Chunk> chunk = Shared<Chunk>::make();
//   Shared<Chunk> same = chunk;      // two owners
#pragma once

#include <cstdint>
#include <utility>

namespace seedbed {

template <class T>
class Shared {
 public:
  Shared() = default;
  template <class... Args>
  static Shared make(Args&&... args) {
    Shared made;
    made.counted_ = new Counted(std::forward<Args>(args)...);
    return made;
  }
  Shared(const Shared& other) : counted_(other.counted_) {
    if (counted_ != nullptr) ++counted_->owners;
  }
  Shared(Shared&& other) noexcept : counted_(std::exchange(other.counted_, nullptr)) {}
  Shared& operator=(Shared other) noexcept {
    std::swap(counted_, other.counted_);
    return *this;
  }
  ~Shared() {
    if (counted_ != nullptr && --counted_->owners == 0) delete counted_;
  }

  T& operator*() const { return counted_->value; }
  T* operator->() const { return &counted_->value; }
  explicit operator bool() const { return counted_ != nullptr; }
  bool operator==(const Shared&) const = default;
  /// Nobody else has it.
  bool is_sole() const { return counted_->owners == 1; }

 private:
  struct Counted {
    template <class... Args>
    explicit Counted(Args&&... args) : value(std::forward<Args>(args)...) {}
    std::uint64_t owners = 1;
    T value;
  };
  Counted* counted_ = nullptr;
};

}  // namespace seedbed
