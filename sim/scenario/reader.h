// One description of a struct feeds both the reader and the schema. The description is a template
// over a visitor `f`, which is called once for each key: name, field, meaning, and (where the type
// does not say it all) the form of the value.
//
//   template <class F>
//   void fields(F& f, DiskConfig& disk) {
//     f("sync", disk.sync, "how long a sync takes");
//     f("torn", disk.torn, "how likely a crash tears the writes that were being synced");
//   }
//
// With `Reader` as F it reads a map; with `ShapeWriter` it says what the map may hold. A form is a
// small struct with two functions that belong together:
//
//   void read(const Cursor& at, T& out) const;    // complains at `at`, or sets `out`
//   Shape shape() const;                          // what it would accept
//
// Forms for the common types are in forms.h; a field without one gets `default_form` of its type.
#pragma once

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/cursor.h"
#include "sim/scenario/forms.h"
#include "sim/scenario/shape.h"

namespace seedbed {

enum class Need : bool { kOptional, kRequired };

/// A map with the keys that `fields(f, T&)` describes.
template <class T>
struct MapForm {
  std::string_view wanted = "a map of settings";
  std::string_view one_of = "";  // "law": exactly one of the keys must be there, and it is a law
  void read(const Cursor& at, T& out) const;
  Shape shape() const;
};

/// A list whose items are of `item`.
template <class Item>
struct ListForm {
  std::string_view wanted;
  Item item{};
  std::size_t min_items = 0;
  template <class T>
  void read(const Cursor& at, std::vector<T>& out) const;
  Shape shape() const { return Shape::list_of(item.shape(), min_items); }
};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <class T>
auto default_form() {
  if constexpr (IsOptional<T>::value) {
    return default_form<typename T::value_type>();
  } else if constexpr (std::same_as<T, Duration>) {
    return DurationForm{};
  } else if constexpr (std::same_as<T, Range<Duration>>) {
    return RangeForm{};
  } else if constexpr (std::same_as<T, Probability>) {
    return PercentForm{};
  } else if constexpr (std::same_as<T, bool>) {
    return BooleanForm{};
  } else if constexpr (std::same_as<T, std::string>) {
    return TextForm{};
  } else {
    static_assert(std::is_class_v<T>, "numbers have bounds: give the field an IntegerForm");
    return MapForm<T>{};
  }
}

/// Reads one map. Every key that no field has claimed is an error of finish().
class Reader {
 public:
  explicit Reader(const Cursor& at) : at_(at) {}

  template <class T, class Form>
  requires(!std::same_as<Form, Need>) void operator()(std::string_view name, T& field,
                                                      std::string_view about, const Form& form,
                                                      Need need = Need::kOptional) {
    const YamlNode* node = claim(name, about, need);
    if (node == nullptr) return;
    if constexpr (IsOptional<T>::value) {
      typename T::value_type value{};
      form.read(at_.child(*node), value);
      field = std::move(value);
    } else {
      form.read(at_.child(*node), field);
    }
  }
  template <class T>
  void operator()(std::string_view name, T& field, std::string_view about,
                  Need need = Need::kOptional) {
    (*this)(name, field, about, default_form<T>(), need);
  }

  /// Complains of unknown keys; one of `foreign` is known elsewhere, but `noun` does not take it.
  void finish(std::string_view noun = {}, std::span<const std::string_view> foreign = {});

  const std::vector<std::string_view>& known() const { return known_; }
  const Cursor& at() const { return at_; }

 private:
  const YamlNode* claim(std::string_view name, std::string_view about, Need need);

  Cursor at_;
  std::vector<std::string_view> known_;
};

/// Writes down what the fields accept.
class ShapeWriter {
 public:
  template <class T, class Form>
  requires(!std::same_as<Form, Need>) void operator()(std::string_view name, T&,
                                                      std::string_view about, const Form& form,
                                                      Need need = Need::kOptional) {
    fields_.push_back(
        {std::string(name), std::string(about), need == Need::kRequired, form.shape()});
  }
  template <class T>
  void operator()(std::string_view name, T& field, std::string_view about,
                  Need need = Need::kOptional) {
    (*this)(name, field, about, default_form<T>(), need);
  }

  std::vector<FieldShape> take() { return std::move(fields_); }

 private:
  std::vector<FieldShape> fields_;
};

/// Says so where not exactly one of the `known` keys of the map at `at` is there.
bool expect_one_key(const Cursor& at, std::string_view noun,
                    const std::vector<std::string_view>& known);

template <class T>
void MapForm<T>::read(const Cursor& at, T& out) const {
  if (!at.expect_map(wanted)) return;
  Reader reader(at);
  fields(reader, out);
  reader.finish();
  if (!one_of.empty() && at.errors().clean(at.path())) expect_one_key(at, one_of, reader.known());
}

template <class T>
Shape MapForm<T>::shape() const {
  T scratch{};
  ShapeWriter writer;
  fields(writer, scratch);
  Shape s;
  s.kind = Shape::Kind::kMap;
  s.fields = writer.take();
  if (!one_of.empty()) {
    s.exactly_one.emplace_back();
    for (const FieldShape& f : s.fields) s.exactly_one.back().push_back(f.name);
  }
  return s;
}

template <class Item>
template <class T>
void ListForm<Item>::read(const Cursor& at, std::vector<T>& out) const {
  if (!at.expect_list(wanted)) return;
  out.clear();
  for (std::size_t i = 0; i < at.node().children.size(); ++i) {
    item.read(at.item(i), out.emplace_back());
  }
  if (out.size() < min_items) at.error("an empty list");
}

}  // namespace seedbed
