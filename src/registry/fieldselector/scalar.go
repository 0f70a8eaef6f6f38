package fieldselector

import (
	"encoding/binary"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Type is how values of a field are compared.
type Type string

const (
	// String values are compared byte by byte.
	String Type = "string"
	// Number values are integers or decimals, also such that are stored as text.
	Number Type = "number"
	// Boolean values are true or false.
	Boolean Type = "boolean"
	// Time values are in the notation of RFC 3339.
	Time Type = "time"
	// Duration values are in Go's notation, such as 1h30m.
	Duration Type = "duration"
)

// scalar is a value of any type, as bytes whose order is that of the values of this type.
type scalar string

var number = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// parse reads what a selector compares with, or what an object has as text.
func (t Type) parse(text string) (scalar, error) {
	switch t {
	case Number:
		if !number.MatchString(text) {
			return "", fmt.Errorf("must be a number")
		}
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return ofInteger(i), nil
		}
		f, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return "", fmt.Errorf("must be a number between %g and %g", -math.MaxFloat64, math.MaxFloat64)
		}
		return ofFloat(f), nil
	case Boolean:
		if text != "true" && text != "false" {
			return "", fmt.Errorf("must be true or false")
		}
		return scalar(text), nil
	case Time:
		value, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return "", fmt.Errorf("must be a time such as 2006-01-02T15:04:05Z")
		}
		return ofTime(value), nil
	case Duration:
		value, err := time.ParseDuration(text)
		if err != nil {
			return "", fmt.Errorf("must be a duration such as 300ms, 5m or 1h30m")
		}
		return ofInteger(int64(value)), nil
	default:
		return scalar(text), nil
	}
}

func ofTime(t time.Time) scalar {
	t = t.UTC()
	return ofBits(signed(t.Unix()), uint64(t.Nanosecond()))
}

// ofFloat is the number, and 0 for what an integer may be above it.
func ofFloat(f float64) scalar { return ofBits(ordered(f), 0) }

// ofInteger is the largest float that is not above the number, and how far the number is above it.
func ofInteger(i int64) scalar {
	f := float64(i)
	if f >= 1<<63 || int64(f) > i {
		f = math.Nextafter(f, math.Inf(-1))
	}
	return ofBits(ordered(f), uint64(i-int64(f)))
}

// ordered has the order of floats. There are two zeros, which are equal.
func ordered(f float64) uint64 {
	bits := math.Float64bits(f + 0)
	if bits>>63 == 1 {
		return ^bits
	}
	return bits | 1<<63
}

func signed(i int64) uint64 { return uint64(i) ^ 1<<63 }

func ofBits(high, low uint64) scalar {
	var value [16]byte
	binary.BigEndian.PutUint64(value[:8], high)
	binary.BigEndian.PutUint64(value[8:], low)
	return scalar(value[:])
}

// descending has the opposite order: a text that begins with another comes before it.
func (s scalar) descending() scalar {
	inverted := make([]byte, 0, len(s)+2)
	for i := range len(s) {
		inverted = append(inverted, ^s[i])
		if s[i] == 0 {
			inverted = append(inverted, 0)
		}
	}
	return scalar(append(inverted, 0xff, 0xff))
}

// ascending undoes descending.
func (s scalar) ascending() string {
	var value []byte
	for i := 0; i+1 < len(s); i++ {
		switch {
		case s[i] != 0xff:
			value = append(value, ^s[i])
		case s[i+1] == 0:
			value = append(value, 0)
			i++
		default:
			return string(value)
		}
	}
	return string(value)
}

var timeType = typeOf[metav1.Time]()
