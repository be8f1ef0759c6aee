// An owning pointer that copies what it points to: how polymorphic parts, and parts that most do
// without, live inside a value.
//
//   Cloned<WatchBase> a = make_watch();
//   Cloned<WatchBase> b = a;          // calls a->clone()
#pragma once

#include <memory>
#include <utility>

namespace seedbed {

template <class T>
class Cloned {
 public:
  Cloned() = default;
  Cloned(std::unique_ptr<T> object) : object_(std::move(object)) {}  // NOLINT: converts on purpose
  Cloned(const Cloned& other) : object_(other.object_ ? copy(*other.object_) : nullptr) {}
  Cloned(Cloned&&) noexcept = default;
  Cloned& operator=(Cloned other) noexcept {
    object_ = std::move(other.object_);
    return *this;
  }
  ~Cloned() = default;

  T* get() { return object_.get(); }
  const T* get() const { return object_.get(); }
  T* operator->() { return get(); }
  const T* operator->() const { return get(); }
  T& operator*() { return *object_; }
  const T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  void reset() { object_.reset(); }
  /// What it points to, made now if there is nothing yet.
  T& made() {
    if (!object_) object_ = std::make_unique<T>();
    return *object_;
  }

 private:
  static std::unique_ptr<T> copy(const T& object) {
    if constexpr (requires { object.clone(); }) {
      return object.clone();
    } else {
      return std::make_unique<T>(object);
    }
  }

  std::unique_ptr<T> object_;
};

}  // namespace seedbed
