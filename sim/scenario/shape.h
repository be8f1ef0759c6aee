// What may stand where in a scenario, as data. The descriptions that the reader reads by (see
// reader.h) also write this; the JSON Schema and the documentation are made of it.
//
//   Shape s = scenario_shape();
//   s.fields[0].name;                  // "name"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seedbed {

struct FieldShape;
struct ShapeCase;

struct Shape {
  enum class Kind : std::uint8_t {
    kAny,
    kText,     // `pattern`
    kInteger,  // from `min` to `max`
    kNumber,
    kBoolean,
    kNull,
    kChoice,  // one of `options`
    kMap,     // `fields`, and nothing else unless `open`
    kList,    // of parts[0]
    kEither,  // one of `parts`
  };
  struct Option {
    std::string name;
    std::string about;
  };
  Kind kind = Kind::kAny;
  std::string noun;     // "a duration"
  std::string pattern;  // ECMA-262
  std::string example;
  std::int64_t min = 0;
  std::int64_t max = 0;
  std::vector<Option> options;
  std::vector<FieldShape> fields;
  bool open = false;  // other keys are somebody else's business (see `cases`)
  std::vector<std::vector<std::string>> exactly_one;  // of each of these sets of keys
  std::vector<std::vector<std::string>> at_least_one;
  std::vector<ShapeCase> cases;
  std::vector<Shape> parts;
  std::size_t min_items = 0;
  std::string definition;  // a name to share it under, "" to write it out

  static Shape either(std::vector<Shape> parts);
  static Shape list_of(Shape item, std::size_t min_items = 0);
};

struct FieldShape {
  std::string name;
  std::string about;
  bool required = false;
  Shape shape;
};

/// Where `key` is there (and, unless `equals` is "", says so), `fields` say more about their keys,
/// and the keys of `without` must not be there.
struct ShapeCase {
  std::string key;
  std::string equals;
  std::vector<FieldShape> fields;
  std::vector<std::string> without;
};

inline Shape Shape::either(std::vector<Shape> parts) {
  Shape s;
  s.kind = Kind::kEither;
  s.parts = std::move(parts);
  return s;
}

inline Shape Shape::list_of(Shape item, std::size_t min_items) {
  Shape s;
  s.kind = Kind::kList;
  s.parts.push_back(std::move(item));
  s.min_items = min_items;
  return s;
}

}  // namespace seedbed
