package wire

import (
	"reflect"

	"parley"
)

// clean makes every string that value points to fit to be shown, whoever sent it: a Text keeps its line breaks, everything
// else is one line.
func clean(value any) { cleanValue(reflect.ValueOf(value).Elem()) }

func cleanValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[Text]() {
			v.SetString(parley.CleanText(v.String()))
		} else {
			v.SetString(parley.CleanLine(v.String()))
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Time]() || v.Type() == reflect.TypeFor[Event]() {
			return // an event has been cleaned when it was read
		}
		for i := range v.NumField() {
			cleanValue(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			cleanValue(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			cleanValue(v.Elem())
		}
	}
}
