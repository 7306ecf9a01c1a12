// Draws each figure.chart from the table in it, and again where its size or the colours change.
"use strict";
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const language = document.documentElement.lang;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const said = (point) => `${point.name}  ${(point.data.count ?? 0).toLocaleString(language)}`;
  const tooltip = () => ({
    renderMode: "richText", confine: true, backgroundColor: colour("card"), borderColor: colour("line"),
    textStyle: { color: colour("ink") },
  });

  const rows = (figure) => [...figure.querySelectorAll("tbody tr")].map((row) => ({
    name: row.cells[0].textContent.trim(),
    count: Number(row.querySelector("data").value),
    link: row.querySelector("a").href,
  })).reverse();

  const months = (data) => ({
    grid: { left: 8, right: 8, top: 16, bottom: 8, containLabel: true },
    tooltip: { ...tooltip(), trigger: "axis", axisPointer: { type: "shadow" }, formatter: ([point]) => said(point) },
    xAxis: { type: "category", data: data.map((one) => one.name), axisLabel: { color: colour("soft") },
      axisLine: { lineStyle: { color: colour("line") } } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { color: colour("soft") },
      splitLine: { lineStyle: { color: colour("line") } } },
    series: [{ type: "bar", barMaxWidth: 40, itemStyle: { color: colour("link") },
      data: data.map((one) => ({ ...one, value: one.count })) }],
  });

  const days = (data, figure, width) => {
    const last = figure.dataset.to;
    const first = new Date(Math.max(new Date(figure.dataset.from), new Date(last) - (Math.floor(width / 16) - 3) * 7 * 864e5));
    const shown = data.filter((one) => new Date(one.name) >= first);
    const named = (options, moments) => moments.map((at) => new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" }).format(at));
    const grey = { color: colour("soft"), fontSize: 12 };
    return {
      tooltip: { ...tooltip(), formatter: said },
      visualMap: { show: false, min: 0, max: Math.max(1, ...shown.map((one) => one.count)),
        inRange: { color: [colour("heat-low"), colour("heat-high")] } },
      calendar: {
        range: [first.toISOString().slice(0, 10), last], left: 40, right: 8, top: 24, bottom: 8, cellSize: ["auto", 20],
        itemStyle: { color: colour("paper"), borderColor: colour("card"), borderWidth: 2 }, splitLine: { show: false },
        yearLabel: { show: false },
        monthLabel: { ...grey, nameMap: named({ month: "short" }, [...Array(12).keys()].map((month) => Date.UTC(2026, month, 1))) },
        dayLabel: { ...grey, firstDay: 1, nameMap: named({ weekday: "short" }, [...Array(7).keys()].map((day) => Date.UTC(2026, 1, 1 + day))) },
      },
      series: [{ type: "heatmap", coordinateSystem: "calendar",
        data: shown.map((one) => ({ ...one, value: [one.name, one.count] })) }],
    };
  };

  for (const figure of document.querySelectorAll("figure.chart")) {
    figure.classList.add("drawn");
    const place = figure.querySelector(".drawing");
    const chart = echarts.init(place, null, { renderer: "canvas" });
    const draw = () => {
      chart.resize();
      const option = (figure.dataset.chart === "days" ? days : months)(rows(figure), figure, place.clientWidth);
      chart.setOption({ animation: !still, ...option }, true);
    };
    chart.on("click", (point) => { if (point.data.link) location.href = point.data.link; });
    dark.addEventListener("change", draw);
    new ResizeObserver(draw).observe(place);
  }
  addEventListener("beforeprint", () => document.querySelectorAll("figure.chart details").forEach((one) => { one.open = true; }));
})();
