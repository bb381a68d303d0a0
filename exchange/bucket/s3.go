package bucket

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// s3 is a bucket of a service that speaks Amazon's S3: of it, what is needed here.
// https://docs.aws.amazon.com/AmazonS3/latest/API/Type_API_Reference.html
type s3 struct {
	base   *url.URL // of the bucket
	region string
	keys   keys
	client *http.Client
	part   int64 // bytes of a part of a file that goes in parts
}

// openS3 reads s3://NAME?region=REGION&endpoint=ADDRESS. The keys, and what the
// address leaves out, are read from the variables that Amazon's own programs read.
func openS3(address string) (Bucket, error) {
	at, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if at.Scheme != "s3" || at.Host == "" || strings.Trim(at.Path, "/") != "" {
		return nil, errors.New("write it as a folder, or as s3://NAME?region=REGION&endpoint=ADDRESS")
	}
	for name := range at.Query() {
		if name != "region" && name != "endpoint" {
			return nil, fmt.Errorf("%s is not known: there are region and endpoint", name)
		}
	}
	region := cmp.Or(at.Query().Get("region"), os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"), "us-east-1")
	base := &url.URL{Scheme: "https", Host: at.Host + ".s3." + region + ".amazonaws.com", Path: "/"}
	if endpoint := cmp.Or(at.Query().Get("endpoint"), os.Getenv("AWS_ENDPOINT_URL_S3"),
		os.Getenv("AWS_ENDPOINT_URL")); endpoint != "" || strings.Contains(at.Host, ".") {
		// A name with a dot is in no certificate as part of a host.
		if base, err = url.Parse(cmp.Or(endpoint, "https://s3."+region+".amazonaws.com")); err != nil {
			return nil, err
		}
		if base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
			return nil, fmt.Errorf("endpoint is %q: write it as https://minio.example.org", endpoint)
		}
		base.Path = strings.TrimSuffix(base.Path, "/") + "/" + at.Host + "/"
	}
	own := keys{os.Getenv("AWS_ACCESS_KEY_ID"), os.Getenv("AWS_SECRET_ACCESS_KEY"), os.Getenv("AWS_SESSION_TOKEN")}
	if own.id == "" || own.secret == "" {
		return nil, errors.New("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	return &s3{base: base, region: region, keys: own, part: 64 << 20, client: &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

// A service's answer that it cannot do it now is asked for again, so often in all.
const tries = 3

// do sends a request of size bytes and gives the answer to it, with an error for
// every one that is not a success.
func (s *s3) do(ctx context.Context, method, name string, query url.Values, content io.Reader, size int64,
	mediaType string) (*http.Response, error) {
	if name != "" && !fs.ValidPath(name) { // it would lead to another bucket
		return nil, &fs.PathError{Op: method, Path: name, Err: fs.ErrInvalid}
	}
	at := *s.base
	at.Path += name
	at.RawPath, at.RawQuery = escaped(at.Path, true), canonical(query)
	for try := 1; ; try++ {
		request, err := http.NewRequestWithContext(ctx, method, at.String(), content)
		if err != nil {
			return nil, err
		}
		request.ContentLength = size
		if size == 0 {
			request.Body = nil
		}
		if mediaType != "" {
			request.Header.Set("Content-Type", mediaType)
		}
		s.keys.sign(request, s.region, time.Now())
		answer, err := s.client.Do(request)
		if err == nil && answer.StatusCode/100 == 2 {
			return answer, nil
		}
		again := err != nil
		if err == nil {
			err, again = refusal(answer), answer.StatusCode >= 500
		}
		if !again || size > 0 || try == tries || ctx.Err() != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(time.Duration(try) * 300 * time.Millisecond):
		}
	}
}

// refusal is what an answer says that is not a success. No more of it is read than a
// message can be long.
func refusal(answer *http.Response) error {
	defer answer.Body.Close()
	var said struct{ Code, Message string }
	text, _ := io.ReadAll(io.LimitReader(answer.Body, 16<<10))
	_ = xml.Unmarshal(text, &said) // without words, the status says it
	err := fmt.Errorf("the bucket answered %s: %s %s", answer.Status, said.Code, said.Message)
	if answer.StatusCode == http.StatusNotFound && said.Code != "NoSuchBucket" {
		return errors.Join(err, fs.ErrNotExist)
	}
	return err
}

// Keep sends a file in one request, a large one in parts that become a file when
// all are there.
func (s *s3) Keep(ctx context.Context, name string, content io.Reader, size int64, mediaType string) error {
	send := s.put
	if size > s.part {
		send = s.putParts
	}
	if err := send(ctx, name, content, size, mediaType); err != nil {
		return fmt.Errorf("keeping %s: %w", name, err)
	}
	return nil
}

func (s *s3) put(ctx context.Context, name string, content io.Reader, size int64, mediaType string) error {
	answer, err := s.do(ctx, http.MethodPut, name, nil, io.NopCloser(content), size, mediaType)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

type sentPart struct {
	PartNumber int
	ETag       string
}

func (s *s3) putParts(ctx context.Context, name string, content io.Reader, size int64, mediaType string) (err error) {
	var upload struct{ UploadId string }
	if err := s.ask(ctx, http.MethodPost, name, url.Values{"uploads": {""}}, nil, mediaType, &upload); err != nil {
		return err
	}
	of := url.Values{"uploadId": {upload.UploadId}}
	defer func() {
		if err != nil { // the parts cost money until they are let go
			answer, e := s.do(context.WithoutCancel(ctx), http.MethodDelete, name, of, nil, 0, "")
			if err = errors.Join(err, e); e == nil {
				answer.Body.Close()
			}
		}
	}()
	whole := struct {
		XMLName xml.Name `xml:"CompleteMultipartUpload"`
		Part    []sentPart
	}{}
	for n := 1; size > 0; n++ {
		length := min(size, s.part)
		answer, err := s.do(ctx, http.MethodPut, name, url.Values{"partNumber": {strconv.Itoa(n)}, "uploadId": of["uploadId"]},
			io.NopCloser(io.LimitReader(content, length)), length, "")
		if err != nil {
			return err
		}
		answer.Body.Close()
		whole.Part = append(whole.Part, sentPart{n, answer.Header.Get("ETag")})
		size -= length
	}
	list, err := xml.Marshal(whole)
	if err != nil {
		return err
	}
	// The answer begins before the file is there: that it is, its end says.
	var done struct {
		XMLName       xml.Name
		Code, Message string
	}
	if err := s.ask(ctx, http.MethodPost, name, of, list, "application/xml", &done); err != nil {
		return err
	}
	if done.XMLName.Local != "CompleteMultipartUploadResult" {
		return fmt.Errorf("the bucket answered %s: %s %s", done.XMLName.Local, done.Code, done.Message)
	}
	return nil
}

// ask sends a request and reads the XML of its answer.
func (s *s3) ask(ctx context.Context, method, name string, query url.Values, body []byte, mediaType string, said any) error {
	answer, err := s.do(ctx, method, name, query, bytes.NewReader(body), int64(len(body)), mediaType)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return xml.NewDecoder(io.LimitReader(answer.Body, 4<<20)).Decode(said) // a thousand names at the most, of 1 KB each
}

func (s *s3) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	answer, err := s.do(ctx, http.MethodGet, name, nil, nil, 0, "")
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}

func (s *s3) Names(ctx context.Context, prefix string) (names []string, err error) {
	query := url.Values{"list-type": {"2"}, "prefix": {prefix}}
	for {
		var page struct {
			Contents              []struct{ Key string }
			NextContinuationToken string
		}
		if err := s.ask(ctx, http.MethodGet, "", query, nil, "", &page); err != nil {
			return nil, err
		}
		for _, file := range page.Contents {
			names = append(names, file.Key)
		}
		if page.NextContinuationToken == "" {
			return names, nil
		}
		query.Set("continuation-token", page.NextContinuationToken)
	}
}

func (s *s3) Remove(ctx context.Context, name string) error {
	answer, err := s.do(ctx, http.MethodDelete, name, nil, nil, 0, "")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return answer.Body.Close()
}
