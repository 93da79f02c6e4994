// Package storage stands in for the real one: Pulumi keeps no state in Google Cloud Storage.
package storage

import (
	"context"
	"errors"
	"io"
	"time"

	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
)

// ScopeReadWrite is what credentials are asked for.
const ScopeReadWrite = "https://www.googleapis.com/auth/devstorage.read_write"

// What is told of what is not there.
var (
	ErrBucketNotExist = errors.New("storage: bucket doesn't exist")
	ErrObjectNotExist = errors.New("storage: object doesn't exist")
)

var errLeftOut = errors.New(
	"this pulumi was built by Belfry, without Google Cloud Storage; put Pulumi's own on PATH")

// Client cannot be made; nothing below it is ever reached.
type Client struct{}

// NewClient always fails.
func NewClient(context.Context, ...option.ClientOption) (*Client, error) { return nil, errLeftOut }

func (*Client) Bucket(string) *BucketHandle { return nil }

type BucketHandle struct{}

func (*BucketHandle) Object(string) *ObjectHandle { return nil }

func (*BucketHandle) Objects(context.Context, *Query) *ObjectIterator { return nil }

type ObjectIterator struct{}

func (*ObjectIterator) PageInfo() *iterator.PageInfo { return nil }

type Query struct{ Prefix, Delimiter string }

type ObjectHandle struct{}

func (*ObjectHandle) Attrs(context.Context) (*ObjectAttrs, error) { return nil, errLeftOut }

func (*ObjectHandle) CopierFrom(*ObjectHandle) *Copier { return nil }

func (*ObjectHandle) Delete(context.Context) error { return errLeftOut }

func (*ObjectHandle) If(Conditions) *ObjectHandle { return nil }

func (*ObjectHandle) NewRangeReader(context.Context, int64, int64) (*Reader, error) {
	return nil, errLeftOut
}

func (*ObjectHandle) NewWriter(context.Context) *Writer { return nil }

type Conditions struct{ DoesNotExist bool }

type ObjectAttrs struct {
	Name, Prefix, Etag                                string
	CacheControl, ContentDisposition, ContentEncoding string
	ContentLanguage, ContentType                      string
	Metadata                                          map[string]string
	Created, Updated                                  time.Time
	Size                                              int64
	MD5                                               []byte
}

type ReaderObjectAttrs struct {
	ContentType  string
	LastModified time.Time
	Size         int64
}

type Reader struct {
	io.ReadCloser
	Attrs ReaderObjectAttrs
}

type Writer struct {
	io.WriteCloser
	ObjectAttrs
	ChunkSize             int
	ForceEmptyContentType bool
}

type Copier struct{}

func (*Copier) Run(context.Context) (*ObjectAttrs, error) { return nil, errLeftOut }

type SignedURLOptions struct {
	Expires                             time.Time
	Method, ContentType, GoogleAccessID string
	PrivateKey                          []byte
	SignBytes                           func([]byte) ([]byte, error)
}

// SignedURL always fails.
func SignedURL(string, string, *SignedURLOptions) (string, error) { return "", errLeftOut }
