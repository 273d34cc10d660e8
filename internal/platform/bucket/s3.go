package bucket

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"

	"github.com/minio/minio-go/v7"
)

// s3 keeps contents in S3-compatible storage.
type s3 struct {
	client *minio.Client
	bucket string
	prefix string
}

// partSize is what a content of unknown size is sent in: the client would take half a GiB for each otherwise.
const partSize = 16 << 20 // bytes

func (b *s3) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	o := minio.PutObjectOptions{ContentType: "application/octet-stream"}
	if size == Unknown {
		o.PartSize = partSize
	}
	_, err := b.client.PutObject(ctx, b.bucket, b.prefix+name, whole{r}, size, o)
	return err
}

// whole reads a content that must not break off: the client takes io.ErrUnexpectedEOF for the end of one
// whose size is unknown.
type whole struct{ io.Reader }

var errBrokenOff = errors.New("the content breaks off")

func (w whole) Read(p []byte) (int, error) {
	n, err := w.Reader.Read(p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = errBrokenOff
	}
	return n, err
}

// Get asks for the content's first bytes before it answers: the client itself tells at the first reading
// only that nothing is there.
func (b *s3) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	o, err := b.client.GetObject(ctx, b.bucket, b.prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, missing(err)
	}
	if _, err := o.Stat(); err != nil {
		o.Close()
		return nil, missing(err)
	}
	return o, nil
}

func (b *s3) Stat(ctx context.Context, name string) (Entry, error) {
	o, err := b.client.StatObject(ctx, b.bucket, b.prefix+name, minio.StatObjectOptions{})
	if err != nil {
		return Entry{}, missing(err)
	}
	return Entry{name, o.Size, o.LastModified}, nil
}

func (b *s3) Each(ctx context.Context, folder string, tell func(Entry) error) error {
	listing, cancel := context.WithCancel(ctx)
	defer cancel()
	for o := range b.client.ListObjects(listing, b.bucket, minio.ListObjectsOptions{Prefix: b.prefix + folder, Recursive: true}) {
		if o.Err != nil {
			return o.Err
		}
		if err := tell(Entry{strings.TrimPrefix(o.Key, b.prefix), o.Size, o.LastModified}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// Remove looks first: S3 is silent about a name that is not there.
func (b *s3) Remove(ctx context.Context, name string) error {
	if _, err := b.Stat(ctx, name); err != nil {
		return err
	}
	return b.client.RemoveObject(ctx, b.bucket, b.prefix+name, minio.RemoveObjectOptions{})
}

// missing makes fs.ErrNotExist of what a server says of a name that is not there.
func missing(err error) error {
	if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
		return fs.ErrNotExist
	}
	return err
}
