# trialsift with all that reads and writes, by the locked versions; nothing of it needs the network when it runs.
#     docker build -t trialsift .
#     docker run --rm -v "$PWD:/work" trialsift extract trials --out results
FROM python:3.12-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY pipeline pipeline
COPY patterns patterns
RUN python -m venv /opt/trialsift \
 && PIP_CONSTRAINT=constraints.txt /opt/trialsift/bin/pip install --no-cache-dir '.[plots,pdf,docx,duckdb,excel]'

FROM python:3.12-slim
COPY --from=build /opt/trialsift /opt/trialsift
ENV PATH=/opt/trialsift/bin:$PATH MPLCONFIGDIR=/tmp
RUN useradd --create-home --uid 1000 reader
USER 1000
WORKDIR /work
ENTRYPOINT ["trialsift"]
CMD ["--help"]
